class Loud:
    def __repr__(self):
        return "x" * 50_000_000
answer = Loud()

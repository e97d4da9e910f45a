class Liar(dict):
    def items(self):
        while True:
            yield 1, 2
    def __len__(self):
        return -5
    keys = __iter__ = items
answer = Liar(a=1)

answer = {}
for _ in range(100_000):
    answer = {"inner": answer}

# seconds: 0.5
all(iter(lambda: 1, 0))

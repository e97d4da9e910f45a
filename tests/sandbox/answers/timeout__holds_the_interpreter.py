# seconds: 0.5
7 ** (10**9)

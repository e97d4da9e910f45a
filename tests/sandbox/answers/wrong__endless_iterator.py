answer = iter(int, 1)

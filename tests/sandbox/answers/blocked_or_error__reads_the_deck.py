print(open(DECK).read())
answer = x

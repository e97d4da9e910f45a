print(open(f"{TEMPORARY}/canary").read())
answer = x

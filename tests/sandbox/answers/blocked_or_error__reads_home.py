print(open(f"{HOME}/canary").read())
answer = x

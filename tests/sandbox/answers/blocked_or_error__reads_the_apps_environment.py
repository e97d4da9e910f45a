print(open(f"/proc/{APP}/environ").read())
answer = x

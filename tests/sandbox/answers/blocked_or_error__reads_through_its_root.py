print(open(f"/proc/self/root{TEMPORARY}/canary").read())
answer = x

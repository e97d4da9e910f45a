import os
for pid in (1, APP, os.getppid()):
    print(open(f"/proc/{pid}/root{TEMPORARY}/canary").read())
answer = x

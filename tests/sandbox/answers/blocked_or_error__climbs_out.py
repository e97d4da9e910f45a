import os
os.chdir("../" * 20)
print(open(TEMPORARY.lstrip("/") + "/canary").read())
answer = x

import os
os.symlink(f"{TEMPORARY}/canary", "link")
print(open("link").read())
answer = x

import os
os.link(f"{TEMPORARY}/canary", "link")
print(open("link").read())
answer = x

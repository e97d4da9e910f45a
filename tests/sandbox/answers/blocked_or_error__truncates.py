import os
os.truncate(f"{TEMPORARY}/canary", 0)
answer = x

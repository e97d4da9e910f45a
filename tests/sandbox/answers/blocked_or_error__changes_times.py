import os
os.utime(f"{TEMPORARY}/canary", (1, 1))
answer = x

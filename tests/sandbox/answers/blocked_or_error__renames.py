import os
os.rename(f"{TEMPORARY}/canary", f"{TEMPORARY}/renamed")
answer = x

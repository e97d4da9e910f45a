import os
os.open(f"{TEMPORARY}/canary", os.O_RDONLY | os.O_TRUNC)
answer = x

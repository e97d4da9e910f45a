import os
os.unlink(f"{TEMPORARY}/spare")
answer = x

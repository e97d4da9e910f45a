import os
os.chmod(f"{TEMPORARY}/canary", 0o600)
answer = x

import os
os.setxattr(f"{TEMPORARY}/canary", "user.mark", b"x")
answer = x

import os
root = os.open("/", os.O_PATH)
print(os.read(os.open(TEMPORARY.lstrip("/") + "/canary", os.O_RDONLY, dir_fd=root), 100))
answer = x

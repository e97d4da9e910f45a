"""Files that are deleted as soon as they are created, so that the folder looks empty."""
import os, time
kept = []
for _ in range(40):
    file = open(f"{tmp}/file", "w+b", buffering=0)
    os.unlink(f"{tmp}/file")
    file.write(bytes(1 << 20))
    kept.append(file)
time.sleep(1)
answer = x

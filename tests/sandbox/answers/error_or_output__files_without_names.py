"""Removed as soon as they are made, so that no look into the folder finds them."""
import os, time
kept = []
for _ in range(40):
    file = open(f"{tmp}/file", "w+b", buffering=0)
    os.unlink(f"{tmp}/file")
    file.write(bytes(1 << 20))
    kept.append(file)
time.sleep(1)
answer = x

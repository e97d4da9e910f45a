"""Deleted files that are mapped but not open."""
import mmap, os, time
kept = []
for _ in range(40):
    with open(f"{tmp}/file", "w+b", buffering=0) as file:
        os.unlink(f"{tmp}/file")
        file.truncate(1 << 20)
        kept.append(mmap.mmap(file.fileno(), 1 << 20))
    kept[-1].write(bytes(1 << 20))
time.sleep(1)
answer = x

import os, time
kept = []
for _ in range(40):
    kept.append(os.open(tmp, os.O_TMPFILE | os.O_RDWR))
    os.write(kept[-1], bytes(1 << 20))
time.sleep(1)
answer = x

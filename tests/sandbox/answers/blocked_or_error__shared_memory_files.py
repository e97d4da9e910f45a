import os
with open("/dev/shm/hidden", "wb") as file:
    for _ in range(64):
        file.write(bytes(1 << 20))
answer = x

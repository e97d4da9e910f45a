import os
for folder in ("/dev/fd", "/proc/self/fd"):
    for number in range(256):
        for way in (f"{folder}/{number}", f"{folder}/{number}/..{DECK}", f"{folder}/{number}{DECK}"):
            try:
                if b"secret" in os.read(os.open(way, os.O_RDONLY | os.O_NONBLOCK), 1000):
                    answer = x
            except OSError:
                pass
if "answer" not in globals():
    raise PermissionError("none of them leads out")

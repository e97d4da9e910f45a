import os
os.write(3, b"\xff" * 4096)
answer = x

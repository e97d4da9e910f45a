import os, struct
os.write(3, struct.pack("<BIQ", 3, 0xFFFFFFFF, 1 << 63))
answer = x

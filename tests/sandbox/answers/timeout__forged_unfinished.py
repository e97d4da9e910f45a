# seconds: 0.5
"""An incomplete message."""
import os, struct, time
os.write(3, struct.pack("<BIQ", 3, 1000, 1 << 20))
while True:
    time.sleep(0.01)

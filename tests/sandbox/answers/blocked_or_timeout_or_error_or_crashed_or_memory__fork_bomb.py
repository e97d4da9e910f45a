# seconds: 1
# confined only
import os
while True:
    try:
        os.fork()
    except BlockingIOError:
        pass

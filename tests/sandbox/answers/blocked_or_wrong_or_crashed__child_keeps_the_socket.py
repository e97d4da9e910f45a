"""A child that sends messages to the app after its parent has ended."""
import os, time
if os.fork() == 0:
    os.setsid()
    while True:
        try:
            os.write(3, b"\xff" * 100)
        except OSError:
            time.sleep(60)
answer = x

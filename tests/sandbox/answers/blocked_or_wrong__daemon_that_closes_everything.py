"""A daemon without open descriptors that ignores every signal."""
import os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        os.closerange(0, 256)
        while True:
            time.sleep(1)
    os._exit(0)
answer = x

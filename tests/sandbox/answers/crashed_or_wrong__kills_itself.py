import os, signal
os.kill(os.getpid(), signal.SIGKILL)
answer = x

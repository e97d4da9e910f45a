# seconds: 0.5
import os, signal
os.kill(os.getpid(), signal.SIGSTOP)
answer = x

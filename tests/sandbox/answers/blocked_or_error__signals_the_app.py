import os, signal
os.kill(APP, signal.SIGUSR1)
answer = x

import os, signal
signal.pidfd_send_signal(os.pidfd_open(APP), signal.SIGUSR1)
answer = x

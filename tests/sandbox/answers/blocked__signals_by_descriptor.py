"""Lets the kernel send the signal when a pipe becomes ready, which no filter on kill sees."""
import fcntl, os, signal
reader, writer = os.pipe()
fcntl.fcntl(reader, 8, APP)
fcntl.fcntl(reader, 10, int(signal.SIGUSR1))
fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
os.write(writer, b"x")
answer = x

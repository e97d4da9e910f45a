"""An out-of-band byte makes the socket readable without data."""
# seconds: 1
import socket, time
link = socket.socket(fileno=3)
try:
    link.send(b"x", socket.MSG_OOB)
except OSError:
    pass
time.sleep(0.3)
link.detach()
answer = x

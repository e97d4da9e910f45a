"""Sends descriptors that the app did not request."""
import os, socket
for _ in range(20):
    link = socket.socket(fileno=os.dup(3))
    socket.send_fds(link, [b"\x02"], [os.open("/dev/null", os.O_RDONLY)] * 50)
answer = x

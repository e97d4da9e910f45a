import socket
socket.socket(fileno=3).shutdown(socket.SHUT_WR)
answer = x

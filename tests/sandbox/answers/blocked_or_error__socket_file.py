import socket
link = socket.socket(socket.AF_UNIX)
link.connect(SOCKET)
link.sendall(b"out")
answer = x

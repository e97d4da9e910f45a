import socket
link = socket.socket(socket.AF_UNIX)
link.connect(ABSTRACT)
link.sendall(b"out")
answer = x

import socket
with socket.create_connection(("127.0.0.1", TCP), timeout=1) as link:
    link.sendall(b"out")
answer = x

import socket
print(socket.getaddrinfo("example.org", 80))
answer = x

import fcntl, socket, struct
mine, other = socket.socketpair()
fcntl.ioctl(mine, 0x8901, struct.pack("i", APP))
answer = x

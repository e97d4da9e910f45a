import fcntl
for descriptor in (0, 1, 2):
    fcntl.ioctl(descriptor, 0x5412, b"x")
answer = x

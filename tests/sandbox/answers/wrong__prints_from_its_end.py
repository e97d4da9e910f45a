"""Uses its end of the pipe in every possible way."""
import fcntl, os
for descriptor in (1, 2):
    for size in (4096, 1 << 20):
        try:
            fcntl.fcntl(descriptor, 1031, size)
        except OSError:
            pass
    fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_NONBLOCK)
try:
    print(os.open("/proc/self/fd/1", os.O_RDONLY | os.O_NONBLOCK))
except OSError:
    pass
answer = x

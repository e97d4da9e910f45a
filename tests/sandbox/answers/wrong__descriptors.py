"""Only the run's own descriptors are open."""
import fcntl
others = []
for descriptor in range(4, 4096):
    try:
        fcntl.fcntl(descriptor, fcntl.F_GETFD)
    except OSError:
        continue
    others.append(descriptor)
if others:
    raise RuntimeError(f"inherited {others}")
answer = x

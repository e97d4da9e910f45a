"""Uses up the pages of all pipes of a user, so that the app's own are small."""
import fcntl, os
kept = [os.pipe() for _ in range(40)]
for reader, _ in kept:
    fcntl.fcntl(reader, 1031, 1 << 20)
answer = x

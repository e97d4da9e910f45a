"""Files that are neither in the folder nor open nor mapped, but in messages of a socket."""
import os, socket, time
mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
for _ in range(40):
    with open(f"{tmp}/file", "w+b", buffering=0) as file:
        os.unlink(f"{tmp}/file")
        socket.send_fds(mine, [b"x"], [file.fileno()])
        file.write(bytes(1 << 20))
time.sleep(1)
answer = x

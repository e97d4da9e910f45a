import fcntl, os
fcntl.fcntl(os.open(tmp, os.O_RDONLY), 1026, 0x1F)
answer = x

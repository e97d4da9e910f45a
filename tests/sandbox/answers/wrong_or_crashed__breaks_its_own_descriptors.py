import fcntl, os, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
fcntl.fcntl(3, fcntl.F_SETFL, os.O_NONBLOCK)
answer = x

import resource
resource.prlimit(APP, resource.RLIMIT_NOFILE, (50, 50))
answer = x

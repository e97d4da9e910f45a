import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.mlockall(3):
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
answer = x

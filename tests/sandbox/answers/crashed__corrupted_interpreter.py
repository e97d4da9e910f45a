import ctypes
ctypes.memset(id(int), 0, 4096)
answer = [int(1)]

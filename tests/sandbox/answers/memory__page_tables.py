"""Reads one byte here and there: no pages of its own, but many page tables."""
# seconds: 20
import ctypes
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
at = libc.mmap(None, 1 << 40, 1, 0x4022, -1, 0)
look = ctypes.c_char.from_address
for place in range(0, 1 << 40, 2 << 20):
    look(at + place).value
answer = x

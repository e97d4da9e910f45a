"""Changes objects that the whole interpreter shares."""
import ctypes
def overwrite(one, other):
    ctypes.memmove(id(one) + 16, id(other) + 16, 16)
overwrite(False, True)
overwrite(0.5, 3.75)
answer = x

"""Memory that stays allocated although it is not mapped any more."""
import ctypes, mmap
kept = []
libc = ctypes.CDLL(None)
libc.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
for _ in range(24):
    pages = mmap.mmap(-1, 32 << 20, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
    pages.write(bytes(32 << 20))
    view = (ctypes.c_char * len(pages)).from_buffer(pages)
    libc.munmap(ctypes.addressof(view) + 4096, (32 << 20) - 4096)
    kept.append(view)
answer = x

"""The same system calls by their x32 numbers."""
import ctypes, os, platform, signal
if platform.machine() != "x86_64":
    raise PermissionError("no such numbers here")
libc = ctypes.CDLL(None, use_errno=True)
for number, arguments in ((62, (APP, int(signal.SIGUSR1))), (59, (b"/bin/sh", None, None)), (41, (2, 1, 0)), (101, (0, 0, 0, 0))):
    if libc.syscall(ctypes.c_long(0x40000000 | number), *arguments) >= 0:
        answer = x
if "answer" not in globals():
    raise PermissionError("no such numbers here")

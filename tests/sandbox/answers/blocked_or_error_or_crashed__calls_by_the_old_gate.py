"""Makes 32-bit system calls, which have other numbers, with int 0x80: kill(APP, SIGUSR1), then open(CANARY)."""
import ctypes, mmap, platform, signal
if platform.machine() != "x86_64":
    raise PermissionError("no such gate here")
code = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
# push rbx; mov eax, 37; mov ebx, edi; mov ecx, esi; int 0x80; pop rbx; ret
code.write(bytes.fromhex("53 b8 25000000 89fb 89f1 cd80 5b c3"))
gate = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
result = gate(APP, int(signal.SIGUSR1))
if result < 0:
    raise PermissionError(f"refused with {-result}")
answer = x

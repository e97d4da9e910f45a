import os, stat
for kind, number in ((stat.S_IFCHR, (1, 1)), (stat.S_IFBLK, (254, 0)), (stat.S_IFCHR, (1, 5))):
    try:
        os.mknod(f"{tmp}/device", kind | 0o666, os.makedev(*number))
        os.open(f"{tmp}/device", os.O_RDONLY)
    except OSError:
        continue
    answer = x
if "answer" not in globals():
    raise PermissionError("no device")

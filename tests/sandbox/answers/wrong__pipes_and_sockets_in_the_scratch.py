import os
try:
    os.mkfifo(f"{tmp}/pipe")
    os.open(f"{tmp}/pipe", os.O_RDWR)
except OSError:
    pass
os.symlink("loop", f"{tmp}/loop")
os.symlink(f"{tmp}", f"{tmp}/itself")
answer = x

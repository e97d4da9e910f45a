import os
os.chroot(".")
answer = x

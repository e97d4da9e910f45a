# seconds: 20
import mmap
kept = mmap.mmap(-1, 1 << 30)
for place in range(0, 1 << 30, 4096):
    kept[place] = 1

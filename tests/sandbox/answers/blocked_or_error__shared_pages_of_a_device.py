import mmap, os
kept = []
for _ in range(24):
    zeros = mmap.mmap(os.open("/dev/zero", os.O_RDONLY), 32 << 20, mmap.MAP_SHARED, mmap.PROT_READ)
    for place in range(0, len(zeros), 4096):
        zeros[place]
    kept.append(zeros)
answer = x

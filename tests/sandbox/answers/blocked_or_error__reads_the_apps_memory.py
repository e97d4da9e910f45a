open(f"/proc/{APP}/mem", "rb").read(1)
answer = x

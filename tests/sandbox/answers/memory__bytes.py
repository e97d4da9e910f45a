kept = []
while True:
    kept.append(bytes(8 << 20))

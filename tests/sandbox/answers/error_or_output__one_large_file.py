with open(f"{tmp}/large", "wb") as file:
    for _ in range(16):
        file.write(bytes(1 << 20))
answer = x

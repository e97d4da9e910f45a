for number in range(200_000):
    globals()[f"name_{number}"] = number
answer = x

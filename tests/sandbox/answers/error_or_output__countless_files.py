# seconds: 20
for number in range(200_000):
    open(f"{tmp}/{number}", "w").close()
answer = x

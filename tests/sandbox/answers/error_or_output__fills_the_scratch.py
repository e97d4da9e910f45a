for number in range(8):
    with open(f"{tmp}/{number}", "wb") as file:
        for _ in range(4):
            file.write(bytes(1 << 20))
            file.flush()
import time
time.sleep(1)
answer = x

# seconds: 3
import threading
kept = []
def fill():
    while True:
        kept.append(torch.ones(1 << 20))
for _ in range(4):
    threading.Thread(target=fill).start()
threading.Event().wait(20)

# seconds: 0.5
import threading
def spin():
    while True:
        pass
for _ in range(10):
    threading.Thread(target=spin).start()
spin()

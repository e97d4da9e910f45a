"""A thread keeps changing the result after it was observed."""
import threading
answer = torch.zeros(2, 3)
def change():
    while True:
        answer.add_(1.0)
threading.Thread(target=change, daemon=True).start()

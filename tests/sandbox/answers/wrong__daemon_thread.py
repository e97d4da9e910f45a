import threading, time
def go_on():
    while True:
        open(f"{tmp}/still here", "w").close()
threading.Thread(target=go_on, daemon=True).start()
answer = x

"""A stream whose flush, after the answer, never returns."""
# seconds: 1
import sys, time
class Stream:
    def write(self, text):
        pass
    def flush(self):
        while True:
            time.sleep(1)
sys.stdout = Stream()
answer = x

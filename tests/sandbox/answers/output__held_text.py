"""Prints far more than the limit into a buffer that is flushed only after the answer."""
import io, sys
sys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.buffer, 1 << 26))
for _ in range(100_000):
    print("x" * 100)
answer = x

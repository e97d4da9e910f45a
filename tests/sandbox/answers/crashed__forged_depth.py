"""A message nested deeper than the parser's stack."""
import os, struct
body = b"[" * 200_000
os.write(3, struct.pack("<BIQ", 3, len(body), 0) + body)
answer = x

import os
from quizapp.sandbox.frames import Kind, pack
os.write(3, pack(Kind.OBSERVED, {"number": 7}, [b"xx"]))
answer = x

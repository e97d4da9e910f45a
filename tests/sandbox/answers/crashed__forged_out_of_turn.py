import os
from quizapp.sandbox.frames import FrameKind, pack
os.write(3, pack(FrameKind.OBSERVED, {"number": 7}, [b"xx"]))
answer = x

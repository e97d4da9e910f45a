import os
from quizapp.sandbox.frames import FrameKind, pack
frame = pack(FrameKind.CODE, {"raised": None, "bound": []}) * 100
while True:
    os.write(3, frame)

import os
from quizapp.sandbox.frames import Kind, pack
frame = pack(Kind.CODE, {"raised": None, "bound": []}) * 100
while True:
    os.write(3, frame)

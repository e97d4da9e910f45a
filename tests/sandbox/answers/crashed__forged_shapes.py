"""A forged exception message with invalid shapes."""
import os
from quizapp.sandbox.frames import FrameKind, pack
for shapes in ([5], [{"a": 1, "b": 2}], [["x"]], [["x", 1]], 7):
    told = {"type": "E", "message": "m", "bases": [], "shapes": shapes, "trace": ""}
    os.write(3, pack(FrameKind.CODE, {"raised": told, "bound": []}))
os._exit(0)

"""Sends its end, then forged observations."""
import os
from quizapp.sandbox.values import serialise
from quizapp.sandbox.frames import FrameKind, pack
claim = pack(FrameKind.OBSERVED, {"number": 0}, [serialise.encode(x)])
os.write(3, pack(FrameKind.CODE, {"raised": None, "bound": []}) + claim + pack(FrameKind.ENDED, {"calls": {}}) + claim * 3)
os._exit(0)

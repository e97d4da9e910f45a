"""Forges the message of an observation."""
import os
from quizapp.sandbox.values import serialise
from quizapp.sandbox.frames import FrameKind, pack
claim = serialise.encode(torch.full((2, 3), 1.0))
os.write(3, pack(FrameKind.CODE, {"raised": None, "bound": []}) + pack(FrameKind.OBSERVED, {"number": 0}, [claim]) + pack(FrameKind.ENDED, {"calls": {}}))
os._exit(0)

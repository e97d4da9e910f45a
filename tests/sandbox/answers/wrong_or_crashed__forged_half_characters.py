"""Lone surrogates in every text that the app receives."""
import os
from quizapp.sandbox.frames import FrameKind, pack
half = "\ud800\x1b[31m\udfff"
claim = pack(FrameKind.OBSERVED, {"number": 0, "refused": half})
os.write(3, pack(FrameKind.CODE, {"raised": None, "bound": [half]}) + claim + pack(FrameKind.ENDED, {"calls": {half: 1}}))
os._exit(0)

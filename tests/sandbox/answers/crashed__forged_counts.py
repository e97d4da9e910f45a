"""Counts beyond any possible number of calls."""
import os
from quizapp.sandbox.frames import FrameKind, pack
claim = pack(FrameKind.OBSERVED, {"number": 0, "refused": "x"})
os.write(3, pack(FrameKind.CODE, {"raised": None, "bound": []}) + claim + pack(FrameKind.ENDED, {"calls": {"aten::add": 10**4000, "x": -1}}))
os._exit(0)

"""Counts that no number of calls can reach."""
import os
from quizapp.sandbox.frames import Kind, pack
claim = pack(Kind.OBSERVED, {"number": 0, "refused": "x"})
os.write(3, pack(Kind.CODE, {"raised": None, "bound": []}) + claim + pack(Kind.ENDED, {"operators": {"aten::add": 10**4000, "x": -1}}))
os._exit(0)

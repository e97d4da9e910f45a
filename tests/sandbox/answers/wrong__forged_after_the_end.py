"""Says that it is over, and goes on with what it would rather have said."""
import os
from quizapp.sandbox.values import model
from quizapp.sandbox.frames import FrameKind, pack
claim = pack(FrameKind.OBSERVED, {"number": 0}, [model.encode(x)])
os.write(3, pack(FrameKind.CODE, {"raised": None, "bound": []}) + claim + pack(FrameKind.ENDED, {"operators": {}}) + claim * 3)
os._exit(0)

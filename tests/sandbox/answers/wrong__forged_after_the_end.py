"""Says that it is over, and goes on with what it would rather have said."""
import os
from quizapp.sandbox import values
from quizapp.sandbox.frames import Kind, pack
claim = pack(Kind.OBSERVED, {"number": 0}, [values.encode(x)])
os.write(3, pack(Kind.CODE, {"raised": None, "bound": []}) + claim + pack(Kind.ENDED, {"operators": {}}) + claim * 3)
os._exit(0)

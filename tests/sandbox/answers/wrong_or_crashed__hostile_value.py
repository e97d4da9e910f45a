"""A well-formed value with inconsistent sizes."""
import json, os, struct
from quizapp.sandbox.frames import FrameKind, pack
tree = json.dumps({"t": "torch.Tensor", "k": "tensor", "m": {}, "d": {"shape": [10**6, 10**6], "dtype": "torch.float32", "at": "0"}}).encode()
header = json.dumps({"0": {"dtype": "F32", "shape": [10**6, 10**6], "data_offsets": [0, 16]}}).encode()
value = struct.pack("<I", len(tree)) + tree + struct.pack("<Q", len(header)) + header + b"\0" * 16
os.write(3, pack(FrameKind.CODE, {"raised": None, "bound": []}) + pack(FrameKind.OBSERVED, {"number": 0}, [value]) + pack(FrameKind.ENDED, {"calls": {}}))
os._exit(0)

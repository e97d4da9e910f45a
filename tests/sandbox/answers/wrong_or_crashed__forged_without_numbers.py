"""Claims a tensor of the right shape and dtype, but omits its numbers."""
import json, os, struct
from quizapp.sandbox.frames import FrameKind, pack
facts = {"t": "torch.Tensor", "k": "tensor", "m": {"device": "cpu", "layout": "torch.strided"}, "d": {"shape": [2, 3], "dtype": "torch.float32"}}
tree = json.dumps(facts).encode()
claim = pack(FrameKind.OBSERVED, {"number": 0}, [struct.pack("<I", len(tree)) + tree])
os.write(3, pack(FrameKind.CODE, {"raised": None, "bound": []}) + claim + pack(FrameKind.ENDED, {"calls": {}}))
os._exit(0)

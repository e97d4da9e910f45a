"""Arguments that no filter can look into; the C library falls back on the old way."""
import struct
from quizapp.sandbox.worker.escape_attempts import call
call("clone3", struct.pack("<8Q", 0x10000000, 0, 0, 0, 17, 0, 0, 0), 64)
answer = x

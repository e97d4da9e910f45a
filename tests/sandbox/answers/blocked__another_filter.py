"""A filter of its own, to be asked about every call."""
from quizapp.sandbox.acts import call
call("seccomp", 0, 0, None)
answer = x

"""Installs its own seccomp filter, which reports every system call."""
from quizapp.sandbox.jail.escape_attempts import call
call("seccomp", 0, 0, None)
answer = x

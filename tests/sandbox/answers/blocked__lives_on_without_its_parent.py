"""Clears the signal that ends it with its parent."""
from quizapp.sandbox.jail.escape_attempts import call
call("prctl", 1, 0, 0, 0, 0)
answer = x

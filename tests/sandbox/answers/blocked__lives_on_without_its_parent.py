"""Takes back that it dies with its parent."""
from quizapp.sandbox.worker.escape_attempts import call
call("prctl", 1, 0, 0, 0, 0)
answer = x

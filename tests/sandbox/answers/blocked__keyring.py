from quizapp.sandbox.jail.escape_attempts import call
call("add_key", b"user", b"mark", b"x", 1, -3)
answer = x

from quizapp.sandbox.jail.escape_attempts import call
call("bpf", 0, bytes(64), 64)
answer = x

from quizapp.sandbox.acts import call
call("bpf", 0, bytes(64), 64)
answer = x

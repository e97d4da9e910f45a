from quizapp.sandbox.acts import call
call("io_uring_setup", 8, bytes(120))
answer = x

from quizapp.sandbox.jail.escape_attempts import call
call("io_uring_setup", 8, bytes(120))
answer = x

from quizapp.sandbox.worker.escape_attempts import call
call("unshare", 0x10000000)
answer = x

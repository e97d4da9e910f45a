from quizapp.sandbox.worker.escape_attempts import call
call("userfaultfd", 1)
answer = x

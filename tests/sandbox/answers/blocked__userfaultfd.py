from quizapp.sandbox.jail.escape_attempts import call
call("userfaultfd", 1)
answer = x

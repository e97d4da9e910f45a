from quizapp.sandbox.acts import call
call("userfaultfd", 1)
answer = x

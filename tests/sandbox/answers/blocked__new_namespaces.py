from quizapp.sandbox.acts import call
call("unshare", 0x10000000)
answer = x

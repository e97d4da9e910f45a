from quizapp.sandbox.acts import call
call("ptrace", 0x4206, APP, None, None)
answer = x

from quizapp.sandbox.jail.escape_attempts import call
call("ptrace", 0x4206, APP, None, None)
answer = x

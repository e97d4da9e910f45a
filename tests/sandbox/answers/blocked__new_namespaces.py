from quizapp.sandbox.jail.escape_attempts import call
call("unshare", 0x10000000)
answer = x

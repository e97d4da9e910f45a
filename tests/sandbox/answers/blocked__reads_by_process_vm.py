from quizapp.sandbox.jail.escape_attempts import call
call("process_vm_readv", APP, None, 0, None, 0, 0)
answer = x

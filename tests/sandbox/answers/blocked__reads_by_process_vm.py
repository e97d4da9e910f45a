from quizapp.sandbox.acts import call
call("process_vm_readv", APP, None, 0, None, 0, 0)
answer = x

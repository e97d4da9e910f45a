from quizapp.sandbox.acts import call
call("mount", b"none", b"/tmp", b"tmpfs", 0, None)
answer = x

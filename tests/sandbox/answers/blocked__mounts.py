from quizapp.sandbox.jail.escape_attempts import call
call("mount", b"none", b"/tmp", b"tmpfs", 0, None)
answer = x

from quizapp.sandbox.jail.escape_attempts import call
call("open_by_handle_at", -100, b"\0" * 64, 0)
answer = x

from quizapp.sandbox.jail.escape_attempts import call
through = []
for name, arguments in {"inotify_init1": (0,), "fanotify_init": (0x200, 0)}.items():
    try:
        call(name, *arguments)
        through.append(name)
    except OSError:
        pass
if not through:
    raise PermissionError("none of them")
print(through)
answer = x

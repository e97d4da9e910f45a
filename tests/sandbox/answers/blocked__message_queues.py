"""Shared memory, queues and semaphores that would outlive the run."""
from quizapp.sandbox.jail.escape_attempts import call
through = []
for name, arguments in {"shmget": (0, 4096, 0o1666), "semget": (0, 1, 0o1666), "msgget": (0, 0o1666), "mq_open": (b"left", 0o102, 0o600, None)}.items():
    try:
        call(name, *arguments)
        through.append(name)
    except OSError:
        pass
if not through:
    raise PermissionError("none of them")
print(through)
answer = x

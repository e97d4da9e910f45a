"""System calls for administrators, with arguments that change nothing."""
from quizapp.sandbox.jail.escape_attempts import call
through = []
for name, arguments in {
    "adjtimex": (bytes(208),),
    "clock_adjtime": (0, bytes(208)),
    "syslog": (10, None, 0),
    "swapon": (b"/none", 0),
    "quotactl": (0x800001 << 8, None, 0, bytes(64)),
    "perf_event_open": (bytes(128), 0, -1, -1, 0),
    "personality": (0x0040000,),
    "modify_ldt": (0, bytes(64), 64),
    "name_to_handle_at": (-100, b"/", bytes(136), bytes(8), 0),
    "sethostname": (b"x", 1),
    "acct": (b"/none",),
}.items():
    try:
        call(name, *arguments)
        through.append(name)
    except OSError:
        pass
if not through:
    raise PermissionError("none of them")
print(through)
answer = x

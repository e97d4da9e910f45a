from quizapp.sandbox.jail.escape_attempts import call
through = []
for name, arguments in {
    "fsopen": (b"tmpfs", 0),
    "open_tree": (-100, b"/", 1),
    "fspick": (-100, b"/", 0),
    "move_mount": (-100, b"/", -100, b"/scratch", 0),
    "mount_setattr": (-100, b"/", 0, bytes(32), 32),
    "umount2": (b"/usr", 2),
    "pivot_root": (b"/", b"/"),
    "statmount": (bytes(24), bytes(512), 512, 0),
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

"""Every prctl option that could undo the jail."""
from quizapp.sandbox.jail.escape_attempts import call
through = []
for option, argument in ((1, 0), (4, 1), (8, 1), (13, 1), (22, 0), (24, 0), (26, 1), (28, 0), (29, 1), (33, 1), (35, 0), (36, 1), (38, 0), (47, 2), (59, 1), (62, 1), (0x59616D61, -1)):
    try:
        call("prctl", option, argument, 0, 0, 0)
        through.append(option)
    except OSError:
        pass
if not through:
    raise PermissionError("none of them")
print(through)
answer = x

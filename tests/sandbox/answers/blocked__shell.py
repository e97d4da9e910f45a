import os
if os.system("true") == 0:
    answer = x
else:
    raise PermissionError("no shell")

import os
os.chown(f"{TEMPORARY}/canary", os.getuid(), os.getgid())
raise PermissionError("nothing to see") if os.getuid() != os.stat(f"{TEMPORARY}/canary").st_uid else SystemExit

"""Reads from the zygote, the judge and other runs."""
# confined only
import glob, os
seen = []
for process in glob.glob("/proc/[0-9]*") + [f"/proc/{number}" for number in range(1, 200)]:
    if process == f"/proc/{os.readlink('/proc/self')}":
        continue
    for name in ("environ", "cmdline", "maps", "mem", "status", "stat", "stack", "cwd", "exe", "oom_score_adj"):
        try:
            seen.append(open(f"{process}/{name}", "rb").read(1) and f"{process}/{name}")
        except OSError:
            pass
if not seen:
    raise PermissionError("none can be seen")
print(seen)
answer = x

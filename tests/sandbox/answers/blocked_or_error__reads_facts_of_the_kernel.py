"""Reads files of /proc and /sys that tensor code does not need."""
# confined only
seen = []
for name in "cmdline config.gz kallsyms kcore keys kmsg modules mounts net/tcp partitions self/root/proc/cmdline sys/kernel/core_pattern timer_list version".split():
    try:
        seen.append(open(f"/proc/{name}", "rb").read(20) and name)
    except OSError:
        pass
for name in ("/sys/kernel/uevent_seqnum", "/sys/class/net/lo/address", "/sys/fs/cgroup/cgroup.procs", "/sys/module/kernel"):
    try:
        seen.append(open(name, "rb").read(20) and name)
    except OSError:
        pass
if not [name for name in seen if name not in ("mounts", "net/tcp")]:
    raise PermissionError(f"only {seen}")
print(seen)
answer = x

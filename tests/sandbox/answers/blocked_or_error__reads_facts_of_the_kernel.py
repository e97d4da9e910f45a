"""Reads files of /proc and /sys that tensor code does not need: about the kernel, the network, and the mounts."""
# confined only
import os
NAMES = "cmdline config.gz kallsyms kcore keys kmsg modules mounts net/tcp partitions self/root/proc/cmdline sys/kernel/core_pattern timer_list version"
OF_A_PROCESS = "cgroup cpuset mem mountinfo mounts mountstats net/arp net/dev net/route net/tcp net/unix pagemap"
FOLDERS = ("self", "thread-self", f"self/task/{os.getpid()}", os.readlink("/proc/self"))
names = [f"/proc/{name}" for name in NAMES.split()]
names += [f"/proc/{folder}/{name}" for folder in FOLDERS for name in OF_A_PROCESS.split()]
names += ["/sys/kernel/uevent_seqnum", "/sys/class/net/lo/address", "/sys/fs/cgroup/cgroup.procs", "/sys/module/kernel"]
seen = []
for name in names:
    try:
        seen.append(open(name, "rb").read(20) and name)
    except OSError:
        pass
if not seen:
    raise PermissionError("none of them")
print(seen)
answer = x

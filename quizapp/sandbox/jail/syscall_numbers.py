"""Numbers of the system calls in the filter, from the kernel's tables (`syscall_64.tbl`, `asm-generic/unistd.h`)."""

from __future__ import annotations

# fmt: off
X86_64 = {
    "io_setup": 206, "sync": 162, "syncfs": 306, "mmap": 9, "sendmsg": 46, "sendmmsg": 307, "close_range": 436,
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "pidfd_open": 434, "pidfd_getfd": 438,
    "pidfd_send_signal": 424, "kcmp": 312, "process_madvise": 440, "process_mrelease": 448, "mount": 165, "umount2":
    166, "pivot_root": 155, "chroot": 161, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "move_mount": 429, "open_tree": 428, "mount_setattr": 442, "open_tree_attr": 467, "unshare": 272, "setns": 308,
    "statmount": 457, "listmount": 458, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup":
    425, "io_uring_enter": 426, "io_uring_register": 427, "keyctl": 250, "add_key": 248, "request_key": 249,
    "memfd_create": 319, "memfd_secret": 447, "shmget": 29, "shmat": 30, "shmctl": 31, "shmdt": 67, "semget": 64,
    "semop": 65, "semctl": 66, "semtimedop": 220, "msgget": 68, "msgsnd": 69, "msgrcv": 70, "msgctl": 71, "mq_open":
    240, "mq_unlink": 241, "mq_timedsend": 242, "mq_timedreceive": 243, "mq_notify": 244, "mq_getsetattr": 245,
    "inotify_init": 253, "inotify_init1": 294, "inotify_add_watch": 254, "inotify_rm_watch": 255, "fanotify_init":
    300, "fanotify_mark": 301, "setpriority": 141, "ioprio_set": 251, "sched_setscheduler": 144, "sched_setparam":
    142, "sched_setattr": 314, "sched_setaffinity": 203, "migrate_pages": 256, "move_pages": 279, "chmod": 90,
    "fchmod": 91, "fchmodat": 268, "fchmodat2": 452, "chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260,
    "utime": 132, "utimes": 235, "futimesat": 261, "utimensat": 280, "setxattr": 188, "lsetxattr": 189, "fsetxattr":
    190, "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199, "setxattrat": 463, "removexattrat": 466,
    "truncate": 76, "file_setattr": 469, "name_to_handle_at": 303, "open_by_handle_at": 304, "quotactl": 179,
    "quotactl_fd": 443, "swapon": 167, "swapoff": 168, "reboot": 169, "kexec_load": 246, "kexec_file_load": 320,
    "init_module": 175, "finit_module": 313, "delete_module": 176, "acct": 163, "settimeofday": 164,
    "clock_settime": 227, "clock_adjtime": 305, "adjtimex": 159, "syslog": 103, "iopl": 172, "ioperm": 173,
    "modify_ldt": 154, "vhangup": 153, "sethostname": 170, "setdomainname": 171, "lookup_dcookie": 212,
    "nfsservctl": 180, "uselib": 134, "ustat": 136, "sysfs": 139, "_sysctl": 156, "create_module": 174,
    "get_kernel_syms": 177, "query_module": 178, "setuid": 105, "setgid": 106, "setreuid": 113, "setregid": 114,
    "setresuid": 117, "setresgid": 119, "setgroups": 116, "setfsuid": 122, "setfsgid": 123, "capset": 126,
    "seccomp": 317, "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446,
    "execve": 59, "execveat": 322, "fork": 57, "vfork": 58, "clone": 56, "clone3": 435, "socket": 41, "socketpair":
    53, "connect": 42, "bind": 49, "listen": 50, "accept": 43, "accept4": 288, "mknod": 133, "mknodat": 259,
    "openat2": 437, "kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297,
    "prlimit64": 302, "setrlimit": 160, "fcntl": 72, "ioctl": 16, "prctl": 157, "personality": 135, "open": 2,
    "openat": 257, "lsm_set_self_attr": 460, "setsid": 112, "setpgid": 109, "mseal": 462, "set_mempolicy_home_node":
    450,
}
AARCH64 = {
    "io_setup": 0, "sync": 81, "syncfs": 267, "mmap": 222, "sendmsg": 211, "sendmmsg": 269, "close_range": 436,
    "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "pidfd_open": 434, "pidfd_getfd": 438,
    "pidfd_send_signal": 424, "kcmp": 272, "process_madvise": 440, "process_mrelease": 448, "mount": 40, "umount2":
    39, "pivot_root": 41, "chroot": 51, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "move_mount":
    429, "open_tree": 428, "mount_setattr": 442, "open_tree_attr": 467, "unshare": 97, "setns": 268, "statmount":
    457, "listmount": 458, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "io_uring_setup": 425,
    "io_uring_enter": 426, "io_uring_register": 427, "keyctl": 219, "add_key": 217, "request_key": 218,
    "memfd_create": 279, "memfd_secret": 447, "shmget": 194, "shmat": 196, "shmctl": 195, "shmdt": 197, "semget":
    190, "semop": 193, "semctl": 191, "semtimedop": 192, "msgget": 186, "msgsnd": 189, "msgrcv": 188, "msgctl": 187,
    "mq_open": 180, "mq_unlink": 181, "mq_timedsend": 182, "mq_timedreceive": 183, "mq_notify": 184,
    "mq_getsetattr": 185, "inotify_init1": 26, "inotify_add_watch": 27, "inotify_rm_watch": 28, "fanotify_init":
    262, "fanotify_mark": 263, "setpriority": 140, "ioprio_set": 30, "sched_setscheduler": 119, "sched_setparam":
    118, "sched_setattr": 274, "sched_setaffinity": 122, "migrate_pages": 238, "move_pages": 239, "fchmod": 52,
    "fchmodat": 53, "fchmodat2": 452, "fchown": 55, "fchownat": 54, "utimensat": 88, "setxattr": 5, "lsetxattr": 6,
    "fsetxattr": 7, "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16, "setxattrat": 463, "removexattrat":
    466, "truncate": 45, "file_setattr": 469, "name_to_handle_at": 264, "open_by_handle_at": 265, "quotactl": 60,
    "quotactl_fd": 443, "swapon": 224, "swapoff": 225, "reboot": 142, "kexec_load": 104, "kexec_file_load": 294,
    "init_module": 105, "finit_module": 273, "delete_module": 106, "acct": 89, "settimeofday": 170, "clock_settime":
    112, "clock_adjtime": 266, "adjtimex": 171, "syslog": 116, "vhangup": 58, "sethostname": 161, "setdomainname":
    162, "lookup_dcookie": 18, "nfsservctl": 42, "setuid": 146, "setgid": 144, "setreuid": 145, "setregid": 143,
    "setresuid": 147, "setresgid": 149, "setgroups": 159, "setfsuid": 151, "setfsgid": 152, "capset": 91, "seccomp":
    277, "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446, "execve": 221,
    "execveat": 281, "clone": 220, "clone3": 435, "socket": 198, "socketpair": 199, "connect": 203, "bind": 200,
    "listen": 201, "accept": 202, "accept4": 242, "mknodat": 33, "openat2": 437, "kill": 129, "tkill": 130,
    "tgkill": 131, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240, "prlimit64": 261, "setrlimit": 164, "fcntl":
    25, "ioctl": 29, "prctl": 167, "personality": 92, "openat": 56, "lsm_set_self_attr": 460, "setsid": 157,
    "setpgid": 154, "mseal": 462, "set_mempolicy_home_node": 450,
}
# fmt: on

FIRST_UNKNOWN = 470
"""The filter refuses all numbers from here on, which are newer than it; they are the same on all machines from 424."""

"""A seccomp filter (`seccomp(2)`): system calls that tensor code does not need fail with an error."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from quizapp.sandbox.jail.syscall_numbers import AARCH64, FIRST_UNKNOWN, X86_64
from quizapp.sandbox.jail.syscalls import syscall

ARCHITECTURES = {"x86_64": (0xC000003E, X86_64), "aarch64": (0xC00000B7, AARCH64)}
X32 = 0x40000000

LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
SET_MODE_FILTER, TSYNC, SPEC_ALLOW = 1, 1, 4
ALL_BITS = 0xFFFFFFFF
ANY_PID = 0x7FFF1234
"""Placeholder in the prepared filter, larger than every PID."""

CLONE_FILES, CLONE_THREAD = 0x400, 0x10000
NEW_NAMESPACES = 0x7E020000
AF_UNIX = 1
O_TRUNC, O_ACCMODE = 0o1000, 3
MAP_SHARED, MAP_ANONYMOUS = 1, 0x20
CLOSE_RANGE_UNSHARE = 2
F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ = 8, 10, 15, 1024, 1026, 1031
HARMLESS_IOCTL = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x40049409, 0x4020940D)
"""TCGETS, TCGETS2, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, FICLONE, FICLONERANGE."""

FIOSETOWN, SIOCSPGRP, FIOASYNC = 0x8901, 0x8902, 0x5452
TIOCSCTTY, TIOCSTI, TIOCLINUX, TIOCSETD = 0x540E, 0x5412, 0x541C, 0x5423
HARMLESS_PRCTL = (2, 3, 15, 16, 23, 30, 39, 0x53564D41)
"""PR_GET_PDEATHSIG, GET_DUMPABLE, SET_NAME, GET_NAME, CAPBSET_READ, GET_TIMERSLACK, GET_NO_NEW_PRIVS, SET_VMA."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ALWAYS = _words(
    """
    ptrace process_vm_readv process_vm_writev pidfd_open pidfd_getfd pidfd_send_signal kcmp process_madvise
    process_mrelease mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree
    mount_setattr open_tree_attr unshare setns statmount listmount bpf perf_event_open userfaultfd io_uring_setup
    io_uring_enter io_uring_register io_setup keyctl add_key request_key memfd_create memfd_secret shmget shmat
    shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open mq_unlink mq_timedsend
    mq_timedreceive mq_notify mq_getsetattr inotify_init inotify_init1 inotify_add_watch inotify_rm_watch
    fanotify_init fanotify_mark setpriority ioprio_set sched_setscheduler sched_setparam sched_setattr
    migrate_pages move_pages setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr setxattrat
    removexattrat file_setattr name_to_handle_at open_by_handle_at quotactl quotactl_fd swapon swapoff reboot
    kexec_load kexec_file_load init_module finit_module delete_module acct settimeofday clock_settime
    clock_adjtime adjtimex syslog iopl ioperm modify_ldt vhangup sethostname setdomainname lookup_dcookie
    nfsservctl uselib ustat sysfs _sysctl create_module get_kernel_syms query_module setuid setgid setreuid
    setregid setresuid setresgid setgroups setfsuid setfsgid capset seccomp landlock_create_ruleset
    landlock_add_rule landlock_restrict_self lsm_set_self_attr execve execveat sync syncfs
    """
)

WITHOUT_PROCESSES = _words(
    """
    fork vfork connect bind listen accept accept4 socket tkill mknod mknodat setsid setpgid chmod fchmod fchmodat
    fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat truncate sendmsg sendmmsg
    """
)
"""Calls that are also refused without namespaces, because they reach files and processes outside the run.

`sendmsg` could hide open files in messages, where the app cannot count them (`SCM_RIGHTS` in `unix(7)`).
"""


@dataclass(frozen=True, slots=True)
class Clause:
    """Refuse a call if the low 32 bits of an argument, masked, are in `values`; with `unless`, if they are not."""

    argument: int
    values: tuple[int, ...]
    mask: int = ALL_BITS
    unless: bool = False

    def code(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield the BPF instructions: (operation, jump if true, jump if false, operand)."""
        yield LOAD, 0, 0, ARGUMENTS + 8 * self.argument
        if self.mask != ALL_BITS:
            yield AND, 0, 0, self.mask
        for index, value in enumerate(self.values):
            if self.unless:
                yield EQUAL, len(self.values) - index, 0, value
            else:
                yield EQUAL, 0, 1, value
                yield RETURN, 0, 0, ERRNO | errno.EPERM
        if self.unless:
            yield RETURN, 0, 0, ERRNO | errno.EPERM


def any_bit(argument: int, mask: int) -> Clause:
    """Refuse a call if any bit of the mask is set."""
    return Clause(argument, (0,), mask, unless=True)


def no_bit(argument: int, mask: int) -> Clause:
    """Refuse a call if no bit of the mask is set."""
    return Clause(argument, (0,), mask)


def clauses(pid: int, own_namespaces: bool, cuda: bool) -> dict[str, list[Clause]]:
    """Return the rules that depend on arguments; `pid` is the worker's own."""
    own_pid = (0, pid)
    rules = {
        "clone": [any_bit(0, NEW_NAMESPACES)],
        "socketpair": [Clause(0, (AF_UNIX,), unless=True)],
        "prlimit64": [Clause(0, own_pid, unless=True)],
        "sched_setaffinity": [Clause(0, own_pid, unless=True)],
        # The kernel limits the pages of all pipes of a user: large ones would make those of the app small (`pipe(7)`).
        "fcntl": [Clause(1, (F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ))],
        "ioctl": [Clause(1, HARMLESS_IOCTL, unless=True)],
        "prctl": [Clause(0, HARMLESS_PRCTL, unless=True)],
        "personality": [Clause(0, (ALL_BITS,), unless=True)],
        # O_RDONLY | O_TRUNC truncates, but Landlock before ABI 3 requires only the right to read.
        "open": [Clause(1, (O_TRUNC,), O_TRUNC | O_ACCMODE)],
        "openat": [Clause(2, (O_TRUNC,), O_TRUNC | O_ACCMODE)],
    }
    if cuda:
        # The driver has many ioctls of its own, so only dangerous ones are refused.
        rules["ioctl"] = [Clause(1, (FIOSETOWN, SIOCSPGRP, FIOASYNC, TIOCSCTTY, TIOCSTI, TIOCLINUX, TIOCSETD))]
    else:
        # Pages of a partly unmapped shared mapping stay allocated, and no limit counts them.
        rules["mmap"] = [Clause(3, (MAP_SHARED | MAP_ANONYMOUS,), MAP_SHARED | MAP_ANONYMOUS)]
    if own_namespaces:
        return rules | {"socket": [Clause(0, (AF_UNIX,), unless=True)]}
    rules["clone"] += [no_bit(0, CLONE_THREAD), no_bit(0, CLONE_FILES)]
    # All threads must share one descriptor table, where the app can count open files.
    rules["close_range"] = [any_bit(2, CLOSE_RANGE_UNSHARE)]
    only_own_pid = [Clause(0, (pid,), unless=True)]
    return rules | dict.fromkeys(("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"), only_own_pid)


def program(pid: int, own_namespaces: bool, machine: str, cuda: bool = False) -> bytes:
    """Return the filter's instructions; raises KeyError for a machine without a table of system calls."""
    architecture, numbers = ARCHITECTURES[machine]
    code = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, ERRNO | errno.ENOSYS),
        (LOAD, 0, 0, NUMBER),
        # This also covers the x32 numbers, which have bit 30 set.
        (AT_LEAST, 0, 1, FIRST_UNKNOWN),
        (RETURN, 0, 0, ERRNO | errno.ENOSYS),
    ]
    refused = dict.fromkeys(ALWAYS if own_namespaces else ALWAYS + WITHOUT_PROCESSES, errno.EPERM)
    # With ENOSYS the C library falls back to `clone` and `openat`, whose arguments a filter can inspect.
    refused |= dict.fromkeys(("clone3", "openat2"), errno.ENOSYS)
    for name, error in refused.items():
        if name in numbers:
            code += [(EQUAL, 0, 1, numbers[name]), (RETURN, 0, 0, ERRNO | error)]
    for name, parts in clauses(pid, own_namespaces, cuda).items():
        if name in numbers:
            body = [step for clause in parts for step in clause.code()]
            code += [(EQUAL, 0, len(body) + 1, numbers[name]), *body, (RETURN, 0, 0, ALLOW)]
    code.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("<HBBI", *step) for step in code)


@cache
def prepared(own_namespaces: bool, machine: str, cuda: bool = False) -> bytes:
    """Return the filter with ANY_PID in place of the worker's PID; cached, so the zygote builds it once."""
    return program(ANY_PID, own_namespaces, machine, cuda)


def install(own_namespaces: bool, cuda: bool) -> None:
    """Apply the filter to every thread of this process. Needs no_new_privs; raises OSError."""
    machine = os.uname().machine
    steps = prepared(own_namespaces, machine, cuda).replace(struct.pack("<I", ANY_PID), struct.pack("<I", os.getpid()))
    buffer = ctypes.create_string_buffer(steps)
    header = struct.pack("<HxxxxxxQ", len(steps) // 8, ctypes.addressof(buffer))
    numbers = ARCHITECTURES[machine][1]
    syscall("seccomp", numbers["seccomp"], SET_MODE_FILTER, TSYNC | SPEC_ALLOW, header)

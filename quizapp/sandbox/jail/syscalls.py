"""Linux system calls that Python does not provide; each raises OSError with its name."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable

LINUX = sys.platform == "linux"
"""On other systems nothing here may be called: the same numbers mean other calls."""

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)

CLONE_NEWTIME = 0x80
CLONE_NEWNS = 0x20000
CLONE_NEWCGROUP = 0x2000000
CLONE_NEWUTS = 0x4000000
CLONE_NEWIPC = 0x8000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000

MADV_COLLAPSE = 25

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4

# Numbers from 424 on are the same on all architectures; the others are not.
SYS_MOUNT_SETATTR = 442
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
CAPABILITY_VERSION_3 = 0x20080522


def _checked(result: int, name: str) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
    return result


def prctl(option: int, *arguments: int) -> int:
    return _checked(_libc.prctl(option, *(*arguments, 0, 0, 0, 0)[:4]), "prctl")


def syscall(name: str, number: int, *arguments: object) -> int:
    values = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _checked(_libc.syscall(ctypes.c_long(number), *values), name)


def unshare(flags: int) -> None:
    _checked(_libc.unshare(ctypes.c_int(flags)), "unshare")


def setns(descriptor: int, kind: int) -> None:
    _checked(_libc.setns(descriptor, ctypes.c_int(kind)), "setns")


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    encoded = [text.encode() or None for text in (source, target, kind)]
    _checked(_libc.mount(*encoded, ctypes.c_ulong(flags), data.encode() or None), f"mount {target}")


def unmount(target: str, flags: int = MNT_DETACH) -> None:
    _checked(_libc.umount2(target.encode(), flags), f"umount {target}")


def make_read_only(target: str) -> None:
    """Make a mount and all below it read-only and nosuid with `mount_setattr(2)`, Linux 5.12 or later."""
    attributes = struct.pack("<QQQQ", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0, 0, 0)
    syscall(
        f"mount_setattr {target}",
        SYS_MOUNT_SETATTR,
        AT_FDCWD,
        target.encode(),
        AT_RECURSIVE,
        attributes,
        len(attributes),
    )


def collapse(address: int, size: int) -> None:
    """Move this memory into huge pages now (`MADV_COLLAPSE` in `madvise(2)`), Linux 6.1 or later."""
    _checked(_libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(size), MADV_COLLAPSE), "madvise")


def pivot_root(new: str, old: str) -> None:
    syscall("pivot_root", SYS_PIVOT_ROOT[os.uname().machine], new.encode(), old.encode())


def drop_capabilities() -> None:
    """Drop every capability irrevocably: from the bounding and ambient sets, then the others (`capabilities(7)`)."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            # EINVAL after the last capability, EPERM without CAP_SETPCAP.
            break
    header, data = struct.pack("<Ii", CAPABILITY_VERSION_3, 0), bytes(24)
    syscall("capset", SYS_CAPSET[os.uname().machine], header, data)


def end_on_signals(numbers: Iterable[int]) -> None:
    """Let these signals end the process, although process 1 ignores them by default (`pid_namespaces(7)`)."""
    _libc.signal.argtypes = (ctypes.c_int, ctypes.c_void_p)
    for number in numbers:
        # Not a Python handler: a faulting instruction would be retried forever before Python could run it.
        _libc.signal(number, ctypes.cast(_libc._exit, ctypes.c_void_p))

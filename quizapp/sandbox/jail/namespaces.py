"""Namespaces for the zygote and for each worker (`namespaces(7)`), and giving up root."""

from __future__ import annotations

import os
import signal
from typing import NoReturn

from quizapp.sandbox.jail import mounts, readable_paths, syscalls
from quizapp.sandbox.jail.cuda_driver import CudaDriver

ZYGOTE_NAMESPACES = (
    syscalls.CLONE_NEWUSER
    | syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWPID
    | syscalls.CLONE_NEWNET
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWUTS
)
"""All workers share one network namespace, because creating one is slow; seccomp allows only AF_UNIX sockets in it."""

FIRST_UNUSED_UID, UNUSED_UIDS = 61184, 4096
"""The range that systemd reserves for dynamic users (`systemd.exec(5)`)."""


class Unreachable(Exception):
    """The interpreter is not readable for unprivileged users."""


def enter(folder: str, driver: CudaDriver) -> bool:
    """Enter new namespaces if the kernel grants them; return whether it did.

    A child tries first, because a process that fails halfway cannot go back.
    """
    pid = os.fork()
    if pid == 0:
        try:
            _enter(folder, driver)
        except BaseException:
            os._exit(1)
        os._exit(0)
    granted = os.waitpid(pid, 0)[1] == 0
    if granted:
        _enter(folder, driver)
    else:
        enter_without(folder)
    return granted


def enter_without(folder: str) -> None:
    """Without namespaces: give up root, after giving `folder` to the new user."""
    if os.getuid() == 0:
        os.chown(folder, _unused_uid(), _unused_uid())
        give_up_root()


def _enter(folder: str, driver: CudaDriver) -> None:
    """Become process 1 in new namespaces; the parent only waits for it."""
    is_root = os.getuid() == 0
    if is_root:
        # While still root, because only root may be able to reach the interpreter.
        syscalls.unshare(syscalls.CLONE_NEWNS)
        mounts.enter_tree(folder, driver, fresh_proc=False)
        give_up_root()
    _new_namespaces(ZYGOTE_NAMESPACES)
    pid = os.fork()
    if pid:
        _wait_for(pid)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if is_root:
        mounts.mount_proc("/proc")
    else:
        mounts.enter_tree(folder, driver, fresh_proc=True)


def enter_worker(scratch: int) -> None:
    """Enter a worker's own namespaces and mount its own files; the zygote has made its PID namespace."""
    # In this order, because its PID namespace belongs to the user namespace of the zygote, where alone its /proc can
    # be mounted; and then the worker has no rights over its mounts, even with every capability of its own.
    syscalls.unshare(syscalls.CLONE_NEWNS | syscalls.CLONE_NEWIPC)
    mounts.mount_scratch(scratch)
    _new_namespaces(syscalls.CLONE_NEWUSER)


def _new_namespaces(flags: int) -> None:
    uid, gid = os.getuid(), os.getgid()
    # The files in /proc of an undumpable process belong to root: `proc(5)`.
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
    syscalls.unshare(flags)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "wb", buffering=0) as file:
            file.write(text.encode())


def _wait_for(pid: int) -> NoReturn:
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    os.closerange(3, 1 << 12)
    status = os.waitpid(pid, 0)[1]
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _unused_uid() -> int:
    """Return an otherwise unused user id; different sandboxes get different ones."""
    return FIRST_UNUSED_UID + os.getppid() % UNUSED_UIDS


def possible_owners() -> set[int]:
    """Return the user ids that may own a folder of a sandbox of this user."""
    numbers = range(FIRST_UNUSED_UID, FIRST_UNUSED_UID + UNUSED_UIDS) if os.getuid() == 0 else ()
    return {os.getuid(), *numbers}


def give_up_root() -> None:
    """Become an unused user without groups, irrevocably; raises Unreachable if it cannot read the interpreter."""
    needed = readable_paths.readable()
    uid = _unused_uid()
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    for path in needed:
        if not os.access(path, os.R_OK):
            raise Unreachable(f"started as root, but only root can read `{path}`, which the interpreter needs")

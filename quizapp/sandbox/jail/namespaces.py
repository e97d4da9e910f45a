"""Namespaces: for the zygote once, and for each worker its own; and root, given up before anything else."""

from __future__ import annotations

import os
import signal
from typing import NoReturn

from quizapp.sandbox.jail import mounts, readable_paths, syscalls

ONCE = (
    syscalls.CLONE_NEWUSER
    | syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWPID
    | syscalls.CLONE_NEWNET
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWUTS
)
"""A network namespace is dear: all workers share one, in which no socket but an AF_UNIX one is to be had."""

EACH = syscalls.CLONE_NEWUSER | syscalls.CLONE_NEWNS | syscalls.CLONE_NEWIPC
FIRST_UNUSED_UID, UNUSED_UIDS = 61184, 4096


class Unreachable(Exception):
    """An ordinary user cannot get at the interpreter."""


def enter(folder: str) -> bool:
    """Put what follows into namespaces of its own, if the kernel really grants them; says whether it did.

    A first try in a child finds out, because a process that got half of the way cannot turn back.
    """
    pid = os.fork()
    if pid == 0:
        try:
            _enter(folder)
        except BaseException:
            os._exit(1)
        os._exit(0)
    granted = os.waitpid(pid, 0)[1] == 0
    if granted:
        _enter(folder)
    else:
        stay(folder)
    return granted


def stay(folder: str) -> None:
    """Without namespaces: only root is to be given up, and the folder for scratch folders handed on."""
    if os.getuid() == 0:
        os.chown(folder, _unused_uid(), _unused_uid())
        give_up_root()


def _enter(folder: str) -> None:
    """Become a process 1 in namespaces of its own; its parent only waits for it."""
    rooted = os.getuid() == 0
    if rooted:
        # While it still is root, because the interpreter may lie where nobody else may go.
        syscalls.unshare(syscalls.CLONE_NEWNS)
        mounts.enter_tree(folder, fresh_proc=False)
        give_up_root()
    _new_namespaces(ONCE)
    pid = os.fork()
    if pid:
        _wait_for(pid)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if rooted:
        mounts.mount_proc("/proc")
    else:
        mounts.enter_tree(folder, fresh_proc=True)


def enter_worker(scratch: int) -> None:
    """A worker's own namespaces and mounts. Its PID namespace is the zygote's doing."""
    _new_namespaces(EACH)
    mounts.mount_scratch(scratch)


def _new_namespaces(flags: int) -> None:
    uid, gid = os.getuid(), os.getgid()
    # An undumpable process may not write its own maps.
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
    """One of the numbers that systems keep for passing users; another for each sandbox."""
    return FIRST_UNUSED_UID + os.getppid() % UNUSED_UIDS


def owners() -> set[int]:
    """Who may own what a sandbox of ours has made."""
    numbers = range(FIRST_UNUSED_UID, FIRST_UNUSED_UID + UNUSED_UIDS) if os.getuid() == 0 else ()
    return {os.getuid(), *numbers}


def give_up_root() -> None:
    """For good, with every group; raises Unreachable where an ordinary user cannot get at the interpreter."""
    needed = readable_paths.readable()
    uid = _unused_uid()
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    for path in needed:
        if not os.access(path, os.R_OK):
            raise Unreachable(f"started as root, and only root can read `{path}`, where the interpreter lies")

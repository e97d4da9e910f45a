"""A file tree that holds only what a worker may read: bind mounts on an empty tmpfs, all of them read-only."""

from __future__ import annotations

import contextlib
import os

from quizapp.sandbox.jail import readable_paths
from quizapp.sandbox.jail.syscalls import (
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    make_read_only,
    mount,
    pivot_root,
    unmount,
)

SCRATCH = "/scratch"
SHARED_MEMORY = "/dev/shm"
QUIET = MS_NOSUID | MS_NODEV


def enter_tree(new: str, fresh_proc: bool) -> None:
    """Make a tree of mounts on the folder `new` this process's root. Needs a mount namespace of its own."""
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("tmpfs", new, "tmpfs", QUIET, "size=1m,mode=755")
    for path in readable_paths.readable():
        bind_mount(new, path)
    for path in (*readable_paths.DEVICES, *readable_paths.cuda_devices()):
        if os.path.exists(path) and path.startswith("/dev"):
            bind_mount(new, path)
    for folder in ("proc", SCRATCH.strip("/"), "dev/shm"):
        os.makedirs(f"{new}/{folder}", exist_ok=True)
    os.symlink("/proc/self/fd", f"{new}/dev/fd")
    if fresh_proc:
        mount_proc(f"{new}/proc")
    else:
        mount("/proc", f"{new}/proc", flags=MS_BIND | MS_REC)
    for hole in readable_paths.hidden():
        if os.path.exists(new + hole):
            cover(new + hole)
    os.mkdir(f"{new}/old")
    pivot_root(new, f"{new}/old")
    os.chdir("/")
    unmount("/old")
    os.rmdir("/old")
    make_read_only("/")
    # The maps of user namespaces are written there; who may write what is the kernel's and Landlock's matter.
    mount("none", "/proc", flags=MS_BIND | MS_REMOUNT | MS_NOSUID)


def mount_proc(target: str) -> None:
    mount("proc", target, "proc", QUIET | MS_NOEXEC)


def bind_mount(new: str, path: str) -> None:
    """Show `path` at the same place in the new tree, and the links that lead to it."""
    parts = path.strip("/").split("/")
    at = ""
    for place, part in enumerate(parts):
        at = f"{at}/{part}"
        if os.path.islink(at):
            target = os.readlink(at)
            if not os.path.islink(new + at):
                os.symlink(target, new + at)
            rest = [os.path.join(os.path.dirname(at), target), *parts[place + 1 :]]
            bind_mount(new, os.path.normpath(os.path.join(*rest)))
            return
        if place < len(parts) - 1:
            os.makedirs(new + at, exist_ok=True)
    if os.path.isdir(path):
        os.makedirs(new + path, exist_ok=True)
    elif not os.path.exists(new + path):
        with open(new + path, "xb"):
            pass
    mount(path, new + path, flags=MS_BIND | MS_REC)


def cover(path: str) -> None:
    """Show nothing where a folder or file is."""
    if os.path.isdir(path):
        mount("tmpfs", path, "tmpfs", QUIET | MS_RDONLY, "size=4k,nr_inodes=2,mode=555")
    else:
        mount("/dev/null", path, flags=MS_BIND)


def mount_scratch(size: int) -> None:
    """The run's own folders: its scratch and its shared memory, gone with the run's namespace."""
    for target in (SCRATCH, SHARED_MEMORY):
        mount("tmpfs", target, "tmpfs", QUIET, f"size={size},nr_inodes=16384,mode=700")
    # Without it the run has no view of its own processes, and needs none.
    with contextlib.suppress(OSError):
        mount_proc("/proc")

"""A file tree that contains only what a worker may read: read-only bind mounts on a tmpfs (`mount(2)`)."""

from __future__ import annotations

import os

from quizapp.sandbox.jail import readable_paths
from quizapp.sandbox.jail.cuda_driver import CudaDriver
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
NO_SUID_OR_DEVICES = MS_NOSUID | MS_NODEV


def enter_tree(new: str, driver: CudaDriver, *, fresh_proc: bool) -> None:
    """Build a tree of mounts in the folder `new` and make it this process's root. Needs its own mount namespace."""
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("tmpfs", new, "tmpfs", NO_SUID_OR_DEVICES, "size=1m,mode=755")
    files = (*driver.folders, *(path for path in driver.kernel_files if not path.startswith("/proc/")))
    for path in readable_paths.outermost((*readable_paths.readable(), *files)):
        bind_mount(new, path)
    for path in (*readable_paths.DEVICES, *driver.devices):
        if os.path.exists(path):
            bind_mount(new, path)
    for folder in ("proc", SCRATCH.strip("/"), "dev/shm"):
        os.makedirs(f"{new}/{folder}", exist_ok=True)
    os.symlink("/proc/self/fd", f"{new}/dev/fd")
    if fresh_proc:
        mount_proc(f"{new}/proc")
    else:
        mount("/proc", f"{new}/proc", flags=MS_BIND | MS_REC)
    for hidden_path in readable_paths.hidden():
        if os.path.exists(new + hidden_path):
            cover(new + hidden_path)
    os.mkdir(f"{new}/old")
    pivot_root(new, f"{new}/old")
    os.chdir("/")
    unmount("/old")
    os.rmdir("/old")
    make_read_only("/")
    # Writable, for the id maps of user namespaces; the kernel and Landlock decide who may write what.
    mount("none", "/proc", flags=MS_BIND | MS_REMOUNT | MS_NOSUID)


def mount_proc(target: str) -> None:
    """Mount the /proc of the current PID namespace."""
    mount("proc", target, "proc", NO_SUID_OR_DEVICES | MS_NOEXEC)


def bind_mount(new: str, path: str) -> None:
    """Mount `path` at the same place in the new tree, and recreate the symbolic links that lead to it."""
    parts = path.strip("/").split("/")
    current = ""
    for index, part in enumerate(parts):
        current = f"{current}/{part}"
        if os.path.islink(current):
            target = os.readlink(current)
            if not os.path.islink(new + current):
                os.symlink(target, new + current)
            rest = [os.path.join(os.path.dirname(current), target), *parts[index + 1 :]]
            bind_mount(new, os.path.normpath(os.path.join(*rest)))
            return
        if index < len(parts) - 1:
            os.makedirs(new + current, exist_ok=True)
    if os.path.isdir(path):
        os.makedirs(new + path, exist_ok=True)
    elif not os.path.exists(new + path):
        with open(new + path, "xb"):
            pass
    mount(path, new + path, flags=MS_BIND | MS_REC)


def cover(path: str) -> None:
    """Hide a folder or file behind an empty mount."""
    if os.path.isdir(path):
        mount("tmpfs", path, "tmpfs", NO_SUID_OR_DEVICES | MS_RDONLY, "size=4k,nr_inodes=2,mode=555")
    else:
        mount("/dev/null", path, flags=MS_BIND)


def mount_scratch(size: int) -> None:
    """Mount the run's scratch folder and shared memory, of `size` bytes each, and its own /proc."""
    for target in (SCRATCH, SHARED_MEMORY):
        mount("tmpfs", target, "tmpfs", NO_SUID_OR_DEVICES, f"size={size},nr_inodes=16384,mode=700")
    mount_proc("/proc")

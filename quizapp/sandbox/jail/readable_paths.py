"""The paths that a worker may read: interpreter, installed packages, system libraries; never a deck."""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/sys/devices/system",
)
DEVICES = ("/dev/null", "/dev/random", "/dev/urandom")
"""Readable devices. `/dev/zero` is not one: a run could map it as shared memory that no limit counts."""

KERNEL_FACTS = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/vm/overcommit_memory")
PROCESS_FACTS = (
    *("auxv", "cmdline", "comm", "environ", "fd", "fdinfo", "io", "limits", "maps", "schedstat", "smaps"),
    *("smaps_rollup", "stat", "statm", "status"),
)
"""What a worker may read of its own folder in /proc: not `net`, `mountinfo` and `cgroup`, which show the machine."""

DECK_GROUP = "ptquiz.decks"
"""Entry point group of packages that contain decks."""


def readable() -> list[str]:
    """Return readable folders and files, none of them below another."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    candidates = {sysconfig.get_path(name) for name in names} | {os.path.join(sys.base_prefix, "lib")}
    candidates |= {entry for entry in sys.path if entry.endswith(("-packages", ".zip", "lib-dynload"))}
    candidates |= {str(PACKAGE), *SYSTEM, *_mapped_folders()}
    return outermost(path for path in candidates if path and path != "/" and os.path.exists(path))


def shipped_decks() -> str:
    """Return the folder of the shipped decks: in the package, or beside it in a checkout."""
    shipped = PACKAGE / "shipped"
    return str(shipped if shipped.exists() else PACKAGE.parent / "decks")


def hidden() -> list[str]:
    """Return the paths hidden from workers: the shipped decks, and packages that contain decks."""
    from importlib.metadata import entry_points

    found = {str(PACKAGE / "shipped")}
    for entry in entry_points(group=DECK_GROUP):
        head = entry.module.partition(".")[0]
        for folder in sys.path:
            found |= {os.path.join(folder, head), os.path.join(folder, head + ".py")}
    return sorted(path for path in found if os.path.exists(path))


def without(path: str, hidden_paths: Iterable[str]) -> Iterator[str]:
    """Yield `path`, or, if something below it is hidden, the rest of its contents."""
    prefix = path.rstrip("/") + "/"
    below = [hidden_path for hidden_path in hidden_paths if hidden_path == path or hidden_path.startswith(prefix)]
    if not below:
        yield path
    elif path not in below:
        with contextlib.suppress(OSError):
            for name in sorted(os.listdir(path)):
                yield from without(os.path.join(path, name), below)


def outermost(paths: Iterable[str]) -> list[str]:
    """Return the paths that are not below another of them, sorted."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(path.startswith(parent + "/") for parent in kept):
            kept.append(path)
    return kept


def _mapped_folders() -> set[str]:
    """Return the folders of the shared libraries that this process has loaded."""
    with contextlib.suppress(OSError):
        lines = Path("/proc/self/maps").read_text().splitlines()
        files = {fields[5] for line in lines if len(fields := line.split(maxsplit=5)) == 6 and ".so" in fields[5]}
        return {os.path.dirname(file) for file in files if file.startswith("/")}
    return set()


def interpreter() -> str:
    """Return the path of the running interpreter."""
    return sys.executable

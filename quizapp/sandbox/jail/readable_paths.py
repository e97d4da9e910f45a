"""What a worker may read: the interpreter, the installed packages, the system's libraries; never a deck."""

from __future__ import annotations

import contextlib
import glob
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
"""Without `/dev/zero`, which a run could map as memory that no limit sees."""
KERNEL_FACTS = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/vm/overcommit_memory")
DECK_GROUP = "ptquiz.decks"


def readable() -> list[str]:
    """Folders and files, none of them below another."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    wanted = {sysconfig.get_path(name) for name in names} | {os.path.join(sys.base_prefix, "lib")}
    wanted |= {entry for entry in sys.path if entry.endswith(("-packages", ".zip", "lib-dynload"))}
    wanted |= {str(PACKAGE), *SYSTEM, *_mapped_folders()}
    return outermost(path for path in wanted if path and path != "/" and os.path.exists(path))


def decks() -> str:
    """Where the program's own decks lie: in the package, or beside it in a checkout."""
    shipped = PACKAGE / "shipped"
    return str(shipped if shipped.exists() else PACKAGE.parent / "decks")


def hidden() -> list[str]:
    """What lies below those and is still nobody's to read: the shipped decks, and packages that carry decks."""
    from importlib.metadata import entry_points

    found = {str(PACKAGE / "shipped")}
    for entry in entry_points(group=DECK_GROUP):
        head = entry.module.partition(".")[0]
        for folder in sys.path:
            found |= {os.path.join(folder, head), os.path.join(folder, head + ".py")}
    return sorted(path for path in found if os.path.exists(path))


def without(path: str, holes: Iterable[str]) -> Iterator[str]:
    """`path`, or where something below it is hidden, what else lies there."""
    below = [hole for hole in holes if hole == path or hole.startswith(path.rstrip("/") + "/")]
    if not below:
        yield path
    elif path not in below:
        with contextlib.suppress(OSError):
            for name in sorted(os.listdir(path)):
                yield from without(os.path.join(path, name), below)


def cuda_devices() -> list[str]:
    return [*glob.glob("/dev/nvidia*"), *glob.glob("/proc/driver/nvidia*")]


def outermost(paths: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(path.startswith(parent + "/") for parent in kept):
            kept.append(path)
    return kept


def _mapped_folders() -> set[str]:
    """Where the libraries lie that the interpreter itself has loaded."""
    with contextlib.suppress(OSError):
        lines = Path("/proc/self/maps").read_text().splitlines()
        files = {fields[5] for line in lines if len(fields := line.split(maxsplit=5)) == 6 and ".so" in fields[5]}
        return {os.path.dirname(file) for file in files if file.startswith("/")}
    return set()


def interpreter() -> str:
    return sys.executable

"""What a run uses, read from outside: memory beyond what the zygote gave it, threads, and files."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from quizapp.sandbox.protocol import Ending, Limits

PROC = Path("/proc/self/status").exists()
MOST_FILES = 10_000
LONGEST_PATH = 2_000
"""Deeper down nobody could count."""

TOOK_MOST = 0.9
"""A process that dies with so much of its memory in use died of that."""


@dataclass(frozen=True, slots=True)
class MemoryUse:
    """Of one process."""

    memory: int = 0
    """Bytes of anonymous and shared memory in RAM, and of the tables that find it."""

    threads: int = 0
    mapped: int = 0
    """Bytes of addresses, files included."""


class Meter:
    """Watches the tree of processes below one worker."""

    def __init__(self, pid: int, base: MemoryUse, limits: Limits, folder: Path) -> None:
        self.pid = pid
        self.limits = limits
        self.folder = folder
        self.base = base
        """What the worker shares with the zygote, and each of its children with both."""

        self.own_files = not folder.exists()
        """It has a file system of its own, with a size of its own."""

        self.peak = 0

    def look(self) -> tuple[Ending, str] | None:
        """How the run must end now, if it uses more than it may."""
        processes = [memory_use(pid) for pid in tree(self.pid)]
        used = sum(max(0, one.memory - self.base.memory) for one in processes)
        self.peak = max(self.peak, used)
        if used > self.limits.memory:
            return Ending.MEMORY, f"used more than {self.limits.memory >> 20} MiB"
        if sum(one.threads for one in processes) > self.limits.processes + len(processes):
            return Ending.CRASHED, f"started more than {self.limits.processes} processes and threads"
        if not self.own_files and self._files() > self.limits.scratch:
            return Ending.OUTPUT, f"wrote more than {self.limits.scratch >> 20} MiB of files"
        return None

    def _files(self) -> int:
        """Bytes of the files in the folder, and of those that were removed from it and are still held."""
        mapped = memory_use(self.pid).mapped - self.base.mapped > self.limits.scratch
        return written(self.folder, self.limits.scratch) + unlinked(self.pid, mapped)

    @property
    def nearly_all(self) -> bool:
        return self.peak > TOOK_MOST * self.limits.memory


def memory_use(pid: int) -> MemoryUse:
    """What a process has; nothing once it is gone."""
    if not PROC:
        return _memory_use_by_ps(pid)
    memory, threads, mapped = 0, 0, 0
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/status").read_bytes().splitlines():
            if line.startswith((b"RssAnon:", b"RssShmem:", b"VmSwap:", b"VmPTE:")):
                memory += int(line.split()[1]) << 10
            elif line.startswith(b"Threads:"):
                threads = int(line.split()[1])
            elif line.startswith(b"VmSize:"):
                mapped = int(line.split()[1]) << 10
    return MemoryUse(memory, threads, mapped)


def _memory_use_by_ps(pid: int) -> MemoryUse:
    with contextlib.suppress(OSError, ValueError):
        said = subprocess.run(["/bin/ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=False).stdout
        return MemoryUse(int(said) << 10, 1)
    return MemoryUse()


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    found, waiting = [], [pid]
    while waiting:
        found.append(current := waiting.pop())
        waiting += children(current)
    return found


def children(pid: int) -> list[int]:
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())[:1024]
        lists = [(thread / "children").read_text() for thread in threads]
    except OSError:
        return []
    return [int(child) for text in lists for child in text.split()]


def written(folder: Path, limit: int) -> int:
    """Bytes that the files in a folder take, counted until they are too many."""
    total, seen, waiting = 0, 0, [folder]
    while waiting and total <= limit:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    seen += 1
                    if seen > MOST_FILES:
                        return limit + 1
                    if len(entry.path) > LONGEST_PATH:
                        return limit + 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            continue
    return total


def unlinked(pid: int, mapped: bool) -> int:
    """Bytes of files without a name that a process holds open or, where it is asked for, mapped."""
    found: dict[int, int] = {}
    with contextlib.suppress(OSError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                about = os.stat(entry.path)
                if not about.st_nlink and stat.S_ISREG(about.st_mode):
                    found[about.st_ino] = about.st_blocks * 512
    return sum(found.values()) + (_mapped(pid, found) if mapped else 0)


def _mapped(pid: int, counted: Container[int]) -> int:
    """Bytes of addresses at which removed files lie that are not `counted` already."""
    total = 0
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/maps").read_text(errors="replace").splitlines():
            if line.endswith("(deleted)"):
                span, _, _, _, inode, *_ = line.split()
                start, end = (int(part, 16) for part in span.split("-"))
                total += 0 if int(inode) in counted else end - start
    return total

"""What a run uses, read from outside: memory beyond what the zygote gave it, threads, and files."""

from __future__ import annotations

import contextlib
import os
import subprocess
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
class Held:
    """Of one process."""

    memory: int = 0
    """Bytes of anonymous and shared memory in RAM."""

    threads: int = 0


class Meter:
    """Watches the tree of processes below one worker."""

    def __init__(self, pid: int, base: int, limits: Limits, folder: Path) -> None:
        self.pid = pid
        self.limits = limits
        self.folder = folder
        self.base = base
        """What the worker shares with the zygote, and each of its children with both."""

        self.peak = 0

    def look(self) -> tuple[Ending, str] | None:
        """How the run must end now, if it uses more than it may."""
        processes = [held(pid) for pid in tree(self.pid)]
        used = sum(max(0, one.memory - self.base) for one in processes)
        self.peak = max(self.peak, used)
        if used > self.limits.memory:
            return Ending.MEMORY, f"used more than {self.limits.memory >> 20} MiB"
        if sum(one.threads for one in processes) > self.limits.processes + len(processes):
            return Ending.CRASHED, f"started more than {self.limits.processes} processes and threads"
        if written(self.folder, self.limits.scratch) > self.limits.scratch:
            return Ending.OUTPUT, f"wrote more than {self.limits.scratch >> 20} MiB of files"
        return None

    @property
    def nearly_all(self) -> bool:
        return self.peak > TOOK_MOST * self.limits.memory


def held(pid: int) -> Held:
    """What a process has; nothing once it is gone."""
    if not PROC:
        return _held_by_ps(pid)
    memory, threads = 0, 0
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/status").read_bytes().splitlines():
            if line.startswith((b"RssAnon:", b"RssShmem:", b"VmSwap:")):
                memory += int(line.split()[1]) << 10
            elif line.startswith(b"Threads:"):
                threads = int(line.split()[1])
    return Held(memory, threads)


def _held_by_ps(pid: int) -> Held:
    with contextlib.suppress(OSError, ValueError):
        said = subprocess.run(["/bin/ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=False).stdout
        return Held(int(said) << 10, 1)
    return Held()


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

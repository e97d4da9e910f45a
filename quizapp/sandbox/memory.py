"""How much memory a run uses, read from outside: what its processes hold beyond what the zygote gave them."""

from __future__ import annotations

import os
from pathlib import Path


class Meter:
    """Watches the tree of processes below one worker."""

    def __init__(self, pid: int, limit: int) -> None:
        self.pid = pid
        self.limit = limit
        self.base = held(pid)
        """What the worker shares with the zygote, and each of its children with both."""

    def used(self) -> int:
        return sum(max(0, held(pid) - self.base) for pid in tree(self.pid))

    def exceeded(self) -> bool:
        return self.used() > self.limit


def held(pid: int) -> int:
    """Bytes of anonymous and shared memory that a process has in RAM; 0 once it is gone."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/status").read_bytes().splitlines():
            if line.startswith((b"RssAnon:", b"RssShmem:", b"VmSwap:")):
                total += int(line.split()[1]) << 10
    except (OSError, ValueError):
        return 0
    return total


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    found, waiting = [], [pid]
    while waiting:
        found.append(current := waiting.pop())
        waiting += children(current)
    return found


def children(pid: int) -> list[int]:
    try:
        threads = os.listdir(f"/proc/{pid}/task")
        lists = [Path(f"/proc/{pid}/task/{thread}/children").read_text() for thread in threads[:1024]]
    except OSError:
        return []
    return [int(child) for text in lists for child in text.split()]

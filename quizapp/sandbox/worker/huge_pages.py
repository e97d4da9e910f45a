"""Moves the zygote's memory into pages of 2 MiB, since a fork copies one page table entry per page."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from quizapp.sandbox.jail import syscalls

HUGE = 2 << 20


def collapse_memory() -> int:
    """Move this process's memory into huge pages if the kernel can (Linux 6.1); return how many were made.

    Memory allocated later is not affected.
    """
    count = 0
    for start in _candidates():
        with contextlib.suppress(OSError):
            syscalls.collapse(start, HUGE)
            count += 1
    return count


def _candidates() -> Iterator[int]:
    """Yield the addresses of aligned 2 MiB blocks of private, writable, anonymous memory (`/proc/self/maps`)."""
    with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
        for line in maps.readlines():
            extent, access, _, _, inode, *name = line.split(maxsplit=5)
            if access == "rw-p" and inode == "0" and not (name and name[0].startswith("[stack")):
                first, end = (int(part, 16) for part in extent.split("-"))
                yield from range(-(-first // HUGE) * HUGE, end - HUGE + 1, HUGE)

"""How many workers this machine has room for: processors, open descriptors, memory."""

from __future__ import annotations

import contextlib
import math
import os
import resource
from pathlib import Path

WORKER_DESCRIPTORS = 9
"""Descriptors of the app for a worker while it is created; four of them stay open until it is discarded."""

OTHER_DESCRIPTORS = 48
"""Descriptors left for the rest of the app: terminal, store, files, imports."""

MIN_WORKERS = 2
CGROUP = Path("/sys/fs/cgroup")


def processors() -> int:
    """Return the number of processors that this process may use, by its affinity and its control group's quota."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, math.ceil(min(count, _quota())))


def max_workers() -> int:
    """Return how many workers may exist at a time under the limit of open files (`RLIMIT_NOFILE`)."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if files == resource.RLIM_INFINITY:
        return 1 << 16
    return max(MIN_WORKERS, (files - OTHER_DESCRIPTORS) // WORKER_DESCRIPTORS)


def available_memory() -> int | None:
    """Return the bytes of memory that this process and its children can still get; None if unknown."""
    return min(filter(None, (_available_to_machine(), _available_to_group())), default=None)


def _available_to_machine() -> int | None:
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_bytes().splitlines():
            if line.startswith(b"MemAvailable:"):
                return int(line.split()[1]) << 10
    return None


def _available_to_group() -> int | None:
    """Return what the control group (version 2) leaves; a container sees its own group at the root."""
    with contextlib.suppress(OSError, ValueError):
        limit, used = (int((CGROUP / name).read_text()) for name in ("memory.max", "memory.current"))
        return max(1, limit - used)
    return None


def _quota() -> float:
    """Return the processors that the control group (version 2) grants."""
    with contextlib.suppress(OSError, ValueError):
        quota, period = (CGROUP / "cpu.max").read_text().split()
        return int(quota) / int(period)
    return math.inf

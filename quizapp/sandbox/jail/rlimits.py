"""Resource limits of a worker, set by itself before it runs anything of others."""

from __future__ import annotations

import contextlib
import os
import resource
from pathlib import Path

from quizapp.sandbox.protocol import Limits

OPEN_FILES = 256
CPU_SLACK = 5
"""Seconds beyond what the wall clock allows; the app's own clock is what ends a run."""

NOTHING = ("RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO")
SIGNALS_WAITING = 256
NO_CORE = 1
"""Too small for a core file; and where a program takes cores, the one number that keeps it from being started."""

RESERVE = 32 << 20
PROCESSORS = os.cpu_count() or 1


def limit_once(scratch: int) -> None:
    """What is the same for every run."""
    for name in NOTHING:
        lower(name, 0)
    lower("RLIMIT_CORE", NO_CORE)
    lower("RLIMIT_NOFILE", OPEN_FILES)
    lower("RLIMIT_SIGPENDING", SIGNALS_WAITING)
    lower("RLIMIT_FSIZE", scratch)


def limit_run(limits: Limits, own_namespaces: bool, cuda: bool, data: int) -> None:
    """What the run's own limits say; memory counts from the `data` that the process has already."""
    if own_namespaces:
        # Elsewhere the number counts everything that the user runs, and new processes are refused.
        lower("RLIMIT_NPROC", limits.processes)
    # CUDA maps far more than it uses.
    if not cuda:
        limit_data(data + limits.memory)
    lower("RLIMIT_CPU", int(limits.seconds * PROCESSORS) + CPU_SLACK)


def limit_data(size: int) -> None:
    """Memory, with a little kept back for telling that it ran out."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        resource.setrlimit(resource.RLIMIT_DATA, (size, size + RESERVE))


def use_reserve() -> None:
    """Memory ran out: take what was kept back."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def data_size() -> int:
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_bytes().splitlines():
            if line.startswith(b"VmData:"):
                return int(line.split()[1]) << 10
    return 1 << 30


def lower(name: str, value: int) -> None:
    """Set a limit for good; one that the system lacks, or already holds lower, is left alone."""
    kind = getattr(resource, name, None)
    if kind is None:
        return
    hard = resource.getrlimit(kind)[1]
    if hard == resource.RLIM_INFINITY or value < hard:
        # macOS refuses some of them.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (value, value))

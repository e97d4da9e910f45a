"""Resource limits (`setrlimit(2)`) that a worker sets for itself before it runs untrusted code."""

from __future__ import annotations

import contextlib
import os
import resource
from pathlib import Path

from quizapp.sandbox.protocol import Limits

OPEN_FILES, CUDA_OPEN_FILES = 256, 1024
"""The driver of CUDA opens dozens of descriptors for each GPU."""

CPU_SLACK = 5
"""Seconds of processor time beyond the wall limit, which the app enforces."""

ZERO_LIMITS = ("RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO")
"""Limits that are set to 0."""

SIGNALS_WAITING = 256
NO_CORE = 1
"""1 byte: too small for a core file, and the one value with which the kernel pipes it to no program (`core(5)`)."""

RESERVE = 32 << 20
"""Bytes of memory that are released for reporting that memory ran out."""

PROCESSORS = os.cpu_count() or 1


def limit_once(scratch: int, *, cuda: bool) -> None:
    """Set the limits that are the same for every run; `scratch` is the maximum file size in bytes."""
    for name in ZERO_LIMITS:
        lower(name, 0)
    lower("RLIMIT_CORE", NO_CORE)
    lower("RLIMIT_NOFILE", CUDA_OPEN_FILES if cuda else OPEN_FILES)
    lower("RLIMIT_SIGPENDING", SIGNALS_WAITING)
    lower("RLIMIT_FSIZE", scratch)


def limit_run(limits: Limits, own_namespaces: bool, cuda: bool, data: int) -> None:
    """Set the limits of a run; its memory limit is added to the `data` bytes that the process already uses."""
    if own_namespaces:
        # Without a user namespace this would count all processes of the user; there, seccomp refuses new ones.
        lower("RLIMIT_NPROC", limits.processes)
    # CUDA maps far more than it uses; its memory is only measured from outside.
    if not cuda:
        limit_data(data + limits.memory)
    lower("RLIMIT_CPU", int(limits.seconds * PROCESSORS) + CPU_SLACK)


def limit_data(size: int) -> None:
    """Limit memory to `size` bytes; RESERVE more can be released by `use_reserve`."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        resource.setrlimit(resource.RLIMIT_DATA, (size, size + RESERVE))


def use_reserve() -> None:
    """Release the reserve after memory ran out."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def data_size() -> int:
    """Return the bytes of data segment in use (`VmData`); 1 GiB if unknown."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_bytes().splitlines():
            if line.startswith(b"VmData:"):
                return int(line.split()[1]) << 10
    return 1 << 30


def lower(name: str, value: int) -> None:
    """Lower a soft and hard limit; skip one that the system lacks or that is already lower."""
    kind = getattr(resource, name, None)
    if kind is None:
        return
    hard = resource.getrlimit(kind)[1]
    if hard == resource.RLIM_INFINITY or value < hard:
        # macOS refuses some of them.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (value, value))

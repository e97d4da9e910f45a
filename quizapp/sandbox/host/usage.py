"""Resource use of a run, measured from outside: memory beyond the zygote's, threads, and files (`proc(5)`)."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from quizapp.sandbox.protocol import Ending, Limits

HAS_PROC = Path("/proc/self/status").exists()
MAX_FILES = 10_000
"""A scratch folder with more files counts as full: counting them would take too long."""

MAX_PATH = 2_000
"""Longer paths count as full too: the kernel accepts no path beyond 4096 bytes (`path_resolution(7)`)."""

MAX_THREADS = 1024
"""Threads of one process that are looked at."""

MAPPING_BYTES = 256
"""Kernel memory of one mapping: its `vm_area_struct` and its share of the tree that contains it."""

LOOK_INTERVAL = 10
"""Every how many checks the mappings of a single process are counted, which takes about 1 ms with torch."""

NEARLY_FULL = 0.9
"""A process that dies with this share of its memory limit in use counts as out of memory."""


@dataclass(frozen=True, slots=True)
class MemoryUse:
    """The resource use of one process."""

    memory: int = 0
    """Bytes of anonymous and shared memory, swap included, and of page tables."""

    threads: int = 0
    mapped: int = 0
    """Bytes of address space, mapped files included."""


class Meter:
    """Measures the process tree of one worker."""

    def __init__(self, pid: int, base: MemoryUse, limits: Limits, folder: Path) -> None:
        self.pid = pid
        self.limits = limits
        self.folder = folder
        self.base = base
        """Memory that the worker shares with the zygote, and its children with the worker."""

        self.has_own_filesystem = not folder.exists()
        """Whether the worker has a separate file system, whose size the kernel limits."""

        self.peak = 0
        """Maximum bytes of memory measured so far."""

        self._mappings = MappingCounter()

    def check(self) -> tuple[Ending, str] | None:
        """Return how the run must end if it exceeds a limit, else None."""
        pids = process_tree(self.pid)
        processes = [memory_use(pid) for pid in pids]
        used = sum(max(0, use.memory - self.base.memory) for use in processes) + self._mappings.total_bytes(pids)
        self.peak = max(self.peak, used)
        if used > self.limits.memory:
            return Ending.MEMORY, f"used more than {self.limits.memory >> 20} MiB"
        # The driver of a GPU has threads of its own.
        if sum(use.threads for use in processes) > self.limits.processes + len(processes) + self.base.threads - 1:
            return Ending.CRASHED, f"started more than {self.limits.processes} processes and threads"
        if not self.has_own_filesystem and self._files() > self.limits.scratch:
            return Ending.OUTPUT, f"wrote more than {self.limits.scratch >> 20} MiB of files"
        return None

    def _files(self) -> int:
        """Return the bytes of the files in the folder, and of those removed from it that are still open or mapped."""
        mapped = memory_use(self.pid).mapped - self.base.mapped > self.limits.scratch
        return folder_bytes(self.folder, self.limits.scratch) + unlinked_bytes(self.pid, mapped)

    @property
    def is_nearly_full(self) -> bool:
        """Whether the peak came close to the memory limit."""
        return self.peak > NEARLY_FULL * self.limits.memory


class MappingCounter:
    """Estimates the kernel memory of the mappings of a process tree, which `/proc/PID/status` does not contain."""

    def __init__(self) -> None:
        self._looks = 0
        self._sizes: dict[int, int] = {}
        """PID -> bytes when the process was last looked at."""

    def total_bytes(self, pids: list[int]) -> int:
        """Return the bytes of all mappings; looks at one process at a time, because that is slow (`proc_pid_maps(5)`).

        A process that is alone is looked at on each `LOOK_INTERVAL`-th call only.
        """
        self._looks += 1
        if len(pids) > 1 or self._looks % LOOK_INTERVAL == 0:
            oldest = min(pids, key=lambda pid: list(self._sizes).index(pid) if pid in self._sizes else -1)
            # Last in the dictionary, so that it is looked at again after all others.
            self._sizes.pop(oldest, None)
            self._sizes[oldest] = mapping_count(oldest) * MAPPING_BYTES
        self._sizes = {pid: size for pid, size in self._sizes.items() if pid in pids}
        return sum(self._sizes.values())


def mapping_count(pid: int) -> int:
    """Return the number of mappings of a process; 0 if it has ended or may not be looked at."""
    count = 0
    with contextlib.suppress(OSError), open(f"/proc/{pid}/maps", "rb", buffering=0) as maps:
        while data := maps.read(1 << 16):
            count += data.count(b"\n")
    return count


def memory_use(pid: int) -> MemoryUse:
    """Return the resource use of a process; zero once it has ended."""
    if not HAS_PROC:
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
        output = subprocess.run(["/bin/ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=False).stdout
        return MemoryUse(int(output) << 10, 1)
    return MemoryUse()


@dataclass(frozen=True, slots=True)
class ProcessorUse:
    """How the threads of a process tree have spent their time."""

    running: float = 0.0
    """Seconds on a processor, of all threads together."""

    waiting: float = 0.0
    """Seconds for which a thread was ready and waited for a processor: the longest of all threads."""


def processor_use(pid: int) -> ProcessorUse:
    """Return the times of a process tree; zero where the kernel does not report them.

    Source: `schedstat` in Documentation/scheduler/sched-stats.rst of Linux.
    """
    running = waiting = 0
    for process in process_tree(pid):
        with contextlib.suppress(OSError, ValueError):
            for thread in _threads(process):
                times = (thread / "schedstat").read_bytes().split()
                running, waiting = running + int(times[0]), max(waiting, int(times[1]))
    return ProcessorUse(running / 1e9, waiting / 1e9)


def _threads(pid: int) -> list[Path]:
    """Return the folders of a process's threads in `/proc`; raises OSError once it has ended."""
    return list(Path(f"/proc/{pid}/task").iterdir())[:MAX_THREADS]


def process_tree(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found, pending = [], [pid]
    while pending:
        found.append(current := pending.pop())
        pending += children(current)
    return found


def children(pid: int) -> list[int]:
    """Return the PIDs of a process's children; empty once it has ended."""
    try:
        lists = [(thread / "children").read_text() for thread in _threads(pid)]
    except OSError:
        return []
    return [int(child) for text in lists for child in text.split()]


def folder_bytes(folder: Path, limit: int) -> int:
    """Return the bytes that the files in a folder occupy; more than `limit` if there are too many to count."""
    total, seen, pending = 0, 0, [folder]
    while pending and total <= limit:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    seen += 1
                    if seen > MAX_FILES:
                        return limit + 1
                    if len(entry.path) > MAX_PATH:
                        return limit + 1
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(Path(entry.path))
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            continue
    return total


def unlinked_bytes(pid: int, mapped: bool) -> int:
    """Return the bytes of deleted files that a process has open and, with `mapped`, of those it has mapped only."""
    found: dict[int, int] = {}
    with contextlib.suppress(OSError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                status = os.stat(entry.path)
                if not status.st_nlink and stat.S_ISREG(status.st_mode):
                    found[status.st_ino] = status.st_blocks * 512
    return sum(found.values()) + (_deleted_mapping_bytes(pid, found) if mapped else 0)


def _deleted_mapping_bytes(pid: int, counted: Container[int]) -> int:
    """Return the bytes of mapped deleted files whose inodes are not `counted` already."""
    total = 0
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/maps").read_text(errors="replace").splitlines():
            if line.endswith("(deleted)"):
                span, _, _, _, inode, *_ = line.split()
                start, end = (int(part, 16) for part in span.split("-"))
                total += 0 if int(inode) in counted else end - start
    return total

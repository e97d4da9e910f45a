"""The app's handle on one worker, whether forked or spawned."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from quizapp.sandbox.frames import BadFrame, FrameBuffer, FrameKind
from quizapp.sandbox.host.tempdirs import remove_tree
from quizapp.sandbox.host.usage import MemoryUse, memory_use

READY_SECONDS = 30.0
PACKAGE_ROOT = str(Path(__file__).resolve().parents[3])
BOOT = "import sys; sys.path.insert(0, {root!r}); from quizapp.sandbox.worker.boot import main; main({options!r})"


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """The properties of a run that its worker must be created for."""

    kind: Literal["learner", "judge"] = "learner"
    scratch: int = 64 << 20
    """Bytes of files that it may write."""

    cuda: bool = False

    @property
    def is_reusable(self) -> bool:
        """Whether the worker serves more than one request."""
        return self.kind == "judge"


class Process(Protocol):
    """A process that can be killed and waited for."""

    @property
    def pid(self) -> int: ...

    def kill(self) -> None: ...

    def has_ended(self, timeout: float) -> bool:
        """Return whether the process ends within `timeout` seconds."""

    def close(self) -> None: ...


@dataclass(slots=True)
class Forked:
    """A child of the zygote, identified by a pidfd, which is never reused for another process (`pidfd_open(2)`)."""

    pidfd: int
    pid: int = -1
    """The PID in the namespace of the app."""

    def __post_init__(self) -> None:
        for line in Path(f"/proc/self/fdinfo/{self.pidfd}").read_text().splitlines():
            if line.startswith("Pid:"):
                self.pid = int(line.split()[1])

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def has_ended(self, timeout: float) -> bool:
        return bool(select.select([self.pidfd], [], [], timeout)[0])

    def close(self) -> None:
        os.close(self.pidfd)


@dataclass(slots=True)
class Spawned:
    """A child of the app in its own process group."""

    child: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.child.pid

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, signal.SIGKILL)

    def has_ended(self, timeout: float) -> bool:
        try:
            self.child.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        self.child.wait()


@dataclass(slots=True)
class Worker:
    """A process that waits for a run, and the app's ends of its socket and pipes."""

    spec: WorkerSpec
    process: Process
    link: socket.socket
    out: int
    err: int
    folder: Path
    """The scratch folder; it does not exist if the worker has its own file system."""

    buffer: FrameBuffer = field(default_factory=FrameBuffer)
    question_count: int = 0
    """Number of questions that a judge has answered."""

    hello: dict[str, Any] = field(default_factory=dict)
    """The head of its first frame, sent when it was ready."""

    base: MemoryUse = MemoryUse()
    """Its memory use at that time."""

    source: WorkerSource | None = None
    """The source that created it."""

    is_in_use: bool = False
    """Whether it was acquired from the pool and neither released nor discarded yet."""

    is_discarded: bool = False

    def wait_until_ready(self) -> bool:
        """Wait at most READY_SECONDS until the worker has jailed itself; return whether it has. Called once."""
        self.link.settimeout(READY_SECONDS)
        try:
            for frame in self.buffer.feed(self.link.recv(1 << 16)):
                self.hello = frame.facts
                self.base = memory_use(self.process.pid)
                return frame.kind is FrameKind.READY
        except (OSError, BadFrame):
            pass
        return False

    def last_error_line(self) -> str:
        """Return the last line on standard error of a worker that never became ready."""
        data = b""
        with contextlib.suppress(OSError):
            data = os.read(self.err, 1 << 16)
        return last_line(data)

    def is_alive(self) -> bool:
        return not self.process.has_ended(0)

    def kill(self) -> None:
        self.process.kill()

    def discard(self) -> None:
        """Kill the process, close its descriptors, and remove its folder."""
        if self.is_discarded:
            return
        self.is_discarded = True
        self.kill()
        # A process that is still running could refill the folder while it is removed.
        self.process.has_ended(5)
        self.process.close()
        self.link.close()
        os.close(self.out)
        os.close(self.err)
        remove_tree(self.folder)


class WorkerSource(Protocol):
    """Creates workers: forked from a zygote, or spawned."""

    def start(self) -> dict[str, Any]:
        """Start, and return facts about Python and torch (see `zygote.hello`); raises SandboxError."""

    def create_worker(self, spec: WorkerSpec, dry_run: bool) -> Worker:
        """Create a worker, which may not be ready yet; raises SandboxError.

        With `dry_run` it first executes a trivial run: faster for a spare, slower if a run is already waiting.
        """

    loaded: set[str]
    """Libraries besides torch that new workers have already loaded."""

    def load(self, library: str) -> None:
        """Load a library for all future workers; raises SandboxError."""

    def is_alive(self) -> bool: ...

    def processes(self) -> set[int]:
        """Return the PIDs of the source itself, without workers."""

    def close(self) -> None: ...


@dataclass(slots=True)
class Channel:
    """Both ends of the socket and pipes between the app and a worker."""

    link: socket.socket
    out: int
    err: int
    worker_ends: tuple[int, int, int]
    """Socket, stdout, stderr; closed in the app once the worker has them."""


@contextlib.contextmanager
def open_channel() -> Iterator[Channel]:
    """Open a socket pair and two pipes; the app's ends are closed only if the body raises."""
    link, worker_link = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    out, worker_out = os.pipe()
    err, worker_err = os.pipe()
    try:
        for descriptor in (out, err):
            os.set_blocking(descriptor, False)
        yield Channel(link, out, err, (worker_link.fileno(), worker_out, worker_err))
    except BaseException:
        link.close()
        os.close(out)
        os.close(err)
        raise
    finally:
        worker_link.close()
        os.close(worker_out)
        os.close(worker_err)


def worker_request(spec: WorkerSpec, folder: Path, dry_run: bool) -> dict[str, Any]:
    """Return the JSON object from which `zygote.become_worker` makes a worker."""
    return {
        "kind": spec.kind,
        "cuda": spec.cuda,
        "scratch": spec.scratch,
        "folder": str(folder),
        "dry_run": dry_run,
    }


def last_line(stderr: bytes) -> str:
    """Return the last line of what a failed process printed."""
    lines = stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it ended without a message"


def environment(folder: Path) -> dict[str, str]:
    """Return the whole environment of the sandbox's processes; nothing else is inherited."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "USER": "learner",
        "LOGNAME": "learner",
        "PYTHONHASHSEED": "0",
        # One thread: the order of a sum, and so its rounding, must not depend on the number of processors or on timing.
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        # A run may ask for more threads; idle ones must not spin, because several runs share the processors.
        "OMP_WAIT_POLICY": "passive",
    }

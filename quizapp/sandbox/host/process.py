"""The app's handle on one worker, whether forked or spawned."""

from __future__ import annotations

import contextlib
import math
import os
import re
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from quizapp.errors import SandboxError
from quizapp.sandbox.frames import BadFrame, FrameBuffer, FrameKind
from quizapp.sandbox.host.tempdirs import remove_tree
from quizapp.sandbox.host.usage import MemoryUse, memory_use
from quizapp.sandbox.jail.cuda_driver import NO_DRIVER, CudaDriver

READY_SECONDS = 30.0
END_SECONDS = 5.0
"""Maximum time until a killed process has ended: the kernel first frees what it holds, on a GPU too."""

PACKAGE_ROOT = str(Path(__file__).resolve().parents[3])
CHOICE_OF_GPUS = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER")
LOADER_FOLDERS = re.compile(r"(/usr)?/lib(64|/[a-z0-9_]+-linux-gnu)?")
"""Folders that the loader searches anyway. Named first, they would replace the libraries that packages bring."""

BOOT = "import sys; sys.path.insert(0, {root!r}); from quizapp.sandbox.worker.boot import main; main({options!r})"


class WorkerRefused(SandboxError):
    """The source works, but could not create this worker: too many processes, too little memory."""


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
        # Not `select`, which fails for descriptors from 1024 on.
        poll = select.poll()
        poll.register(self.pidfd, select.POLLIN)
        return bool(poll.poll(timeout * 1000))

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


@dataclass(slots=True, eq=False)
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
    deadline: float = math.inf
    """Monotonic time after which nobody waits for the end of the killed process any more."""

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
        """Kill the process, which may take a while to end."""
        self.process.kill()
        self.deadline = min(self.deadline, time.monotonic() + END_SECONDS)

    @property
    def is_cleanable(self) -> bool:
        """Whether the killed process has ended, or has not for so long that waiting is useless."""
        return self.process.has_ended(0) or time.monotonic() > self.deadline

    def discard(self) -> None:
        """Kill the process, close its descriptors, and remove its folder."""
        if self.is_discarded:
            return
        self.is_discarded = True
        self.kill()
        # A process that is still running could refill the folder while it is removed.
        self.process.has_ended(max(0.0, self.deadline - time.monotonic()))
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
        """Create a worker, which may not be ready yet; raises SandboxError, or WorkerRefused if the source still works.

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
    with contextlib.ExitStack() as own, contextlib.ExitStack() as worker:
        link, worker_link = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        own.callback(link.close)
        worker.callback(worker_link.close)
        (out, worker_out), (err, worker_err) = (_open_pipe(own, worker) for _ in range(2))
        yield Channel(link, out, err, (worker_link.fileno(), worker_out, worker_err))
        own.pop_all()


def _open_pipe(own: contextlib.ExitStack, worker: contextlib.ExitStack) -> tuple[int, int]:
    """Open a pipe that the app reads without blocking; the stacks close its ends."""
    end, worker_end = os.pipe()
    own.callback(os.close, end)
    worker.callback(os.close, worker_end)
    os.set_blocking(end, False)
    return end, worker_end


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


def environment(folder: Path, driver: CudaDriver = NO_DRIVER) -> dict[str, str]:
    """Return the whole environment of the sandbox's processes; nothing else is inherited but the choice of GPUs."""
    return {
        **_cuda_environment(driver.library),
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
        # The profiler would print the time at its start.
        "KINETO_LOG_LEVEL": "99",
        # A run may ask for more threads; idle ones must not spin, because several runs share the processors.
        "OMP_WAIT_POLICY": "passive",
    }


def _cuda_environment(library: str | None) -> dict[str, str]:
    if library is None:
        return {"CUDA_VISIBLE_DEVICES": ""}
    folder = os.path.dirname(library)
    chosen = {name: os.environ[name] for name in CHOICE_OF_GPUS if name in os.environ}
    # The driver loads more libraries by their names.
    return chosen if LOADER_FOLDERS.fullmatch(folder) else {**chosen, "LD_LIBRARY_PATH": folder}

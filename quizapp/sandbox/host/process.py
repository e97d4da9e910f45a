"""The app's handle on one worker, whichever way it came to be."""

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
BOOT = "import sys; sys.path.insert(0, {root!r}); from quizapp.sandbox.worker.boot import main; main({wanted!r})"


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """What must be known of a run before its worker is made."""

    kind: Literal["learner", "judge"] = "learner"
    scratch: int = 64 << 20
    cuda: bool = False

    @property
    def comes_back(self) -> bool:
        """Its worker serves again and again."""
        return self.kind == "judge"


class Process(Protocol):
    """A process that can be ended."""

    @property
    def pid(self) -> int: ...

    def kill(self) -> None: ...

    def gone(self, seconds: float) -> bool:
        """Whether it has ended, or does within that time."""

    def close(self) -> None: ...


@dataclass(slots=True)
class Forked:
    """A child of the zygote, held by its pidfd, so that no other can ever be meant."""

    pidfd: int
    pid: int = -1
    """As the app numbers it."""

    def __post_init__(self) -> None:
        for line in Path(f"/proc/self/fdinfo/{self.pidfd}").read_text().splitlines():
            if line.startswith("Pid:"):
                self.pid = int(line.split()[1])

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def gone(self, seconds: float) -> bool:
        return bool(select.select([self.pidfd], [], [], seconds)[0])

    def close(self) -> None:
        os.close(self.pidfd)


@dataclass(slots=True)
class Spawned:
    """A child of the app, with a process group of its own."""

    child: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.child.pid

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, signal.SIGKILL)

    def gone(self, seconds: float) -> bool:
        try:
            self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        self.child.wait()


@dataclass(slots=True)
class Worker:
    """A process that waits for one run, and the app's ends of its socket and pipes."""

    shape: WorkerSpec
    process: Process
    link: socket.socket
    out: int
    err: int
    folder: Path
    """Its scratch folder; not there where the worker has a file system of its own."""

    buffer: FrameBuffer = field(default_factory=FrameBuffer)
    questions: int = 0
    """That a judge has answered."""

    hello: dict[str, Any] = field(default_factory=dict)
    """What it said of itself when it was ready."""

    base: MemoryUse = MemoryUse()
    """What it held then."""

    source: WorkerSource | None = None
    """Where it comes from."""

    taken: bool = False
    """By somebody who has yet to give it back, or discard it."""

    closed: bool = False

    def wait_until_ready(self) -> bool:
        """Whether the worker has jailed itself and waits; read once, before its first run."""
        self.link.settimeout(READY_SECONDS)
        try:
            for frame in self.buffer.feed(self.link.recv(1 << 16)):
                self.hello = frame.facts
                self.base = memory_use(self.process.pid)
                return frame.kind is FrameKind.READY
        except (OSError, BadFrame):
            pass
        return False

    def last_words(self) -> str:
        """What a worker that never became ready said on its standard error."""
        words = ""
        with contextlib.suppress(OSError):
            words = os.read(self.err, 1 << 16).decode(errors="replace").strip()
        return words.splitlines()[-1] if words else "it went away without a word"

    def alive(self) -> bool:
        return not self.process.gone(0)

    def kill(self) -> None:
        self.process.kill()

    def discard(self) -> None:
        """Kill the process, close what belongs to it, and remove its folder."""
        if self.closed:
            return
        self.closed = True
        self.kill()
        # A folder still in use could be filled again behind our back.
        self.process.gone(5)
        self.process.close()
        self.link.close()
        os.close(self.out)
        os.close(self.err)
        remove_tree(self.folder)


class WorkerSource(Protocol):
    """Where workers come from."""

    def start(self) -> dict[str, Any]:
        """Get going, and say what there is to say of Python and torch; raises SandboxError."""

    def make(self, shape: WorkerSpec, threads: int, rehearse: bool) -> Worker:
        """A new worker, which may not be ready yet; raises SandboxError when there is none to be had.

        One that rehearses walks the way of a run beforehand: good for a spare, a loss where the run is there already.
        """

    loaded: set[str]
    """Libraries that its workers have from their start, beside torch."""

    def load(self, library: str) -> None:
        """Have a library in the workers made from now on; raises SandboxError."""

    def alive(self) -> bool: ...

    def processes(self) -> set[int]:
        """Its own, without the workers."""

    def close(self) -> None: ...


@dataclass(slots=True)
class Channel:
    """Both ends of what joins the app and a worker: ours stay, theirs are closed after use."""

    link: socket.socket
    out: int
    err: int
    theirs: tuple[int, int, int]


@contextlib.contextmanager
def open_channel() -> Iterator[Channel]:
    """A socket and two pipes; ours are closed as well when the worker cannot be made."""
    link, their_link = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    out, their_out = os.pipe()
    err, their_err = os.pipe()
    try:
        for descriptor in (out, err):
            os.set_blocking(descriptor, False)
        yield Channel(link, out, err, (their_link.fileno(), their_out, their_err))
    except BaseException:
        link.close()
        os.close(out)
        os.close(err)
        raise
    finally:
        their_link.close()
        os.close(their_out)
        os.close(their_err)


def environment(folder: Path) -> dict[str, str]:
    """All that the sandbox inherits of the environment."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "USER": "learner",
        "LOGNAME": "learner",
        "PYTHONHASHSEED": "0",
        # Threads that wait for work must not spin: several runs share the processors.
        "OMP_WAIT_POLICY": "passive",
    }

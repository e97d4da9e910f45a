"""The app's handles: on the zygote, and on one worker that it forked."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from quizapp.errors import SandboxError
from quizapp.sandbox.frames import BadFrame, FrameBuffer, Kind
from quizapp.sandbox.layers import Layers

START_SECONDS = 120.0
READY_SECONDS = 20.0
PACKAGE_ROOT = str(Path(__file__).resolve().parent.parent.parent)
BOOT = "import sys; sys.path.insert(0, {root!r}); from quizapp.sandbox.boot import main; main({wanted!r})"


@dataclass(frozen=True, slots=True)
class Shape:
    """What must be known of a run before its worker is forked."""

    kind: Literal["learner", "judge"] = "learner"
    scratch: int = 64 << 20
    cuda: bool = False


@dataclass(slots=True)
class Worker:
    """A process that waits for one run, and the app's ends of its socket and pipes."""

    shape: Shape
    pid: int
    """In the app's own numbering."""

    pidfd: int
    link: socket.socket
    out: int
    err: int
    folder: Path
    buffer: FrameBuffer = field(default_factory=FrameBuffer)
    questions: int = 0
    """That a judge has answered."""

    closed: bool = False

    def wait_until_ready(self) -> bool:
        """Whether the worker has jailed itself and waits; read once, before its first run."""
        self.link.settimeout(READY_SECONDS)
        try:
            for frame in self.buffer.feed(self.link.recv(1 << 16)):
                return frame.kind is Kind.READY
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
        return not select.select([self.pidfd], [], [], 0)[0]

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def discard(self) -> None:
        """Kill the process, close what belongs to it, and remove its folder."""
        if self.closed:
            return
        self.closed = True
        self.kill()
        # A folder in use could be filled again behind our back.
        select.select([self.pidfd], [], [], 5)
        self.link.close()
        for descriptor in (self.out, self.err, self.pidfd):
            os.close(descriptor)
        shutil.rmtree(self.folder, ignore_errors=True)


class Zygote:
    """The process that forks workers. One request at a time, from any thread."""

    def __init__(self, judge: str, layers: Layers) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"ptquiz-{os.getpid()}-"))
        self.lock = threading.Lock()
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.count = 0
        with theirs:
            wanted = {
                "control": theirs.fileno(),
                "judge": judge,
                "folder": str(self.folder),
                "layers": layers.facts(),
            }
            command = BOOT.format(root=PACKAGE_ROOT, wanted=json.dumps(wanted))
            self.process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                env=environment(self.folder),
                cwd="/",
                start_new_session=True,
            )

    def wait_until_ready(self) -> dict[str, Any]:
        """What the zygote says of itself once torch is loaded; raises SandboxError."""
        self.control.settimeout(START_SECONDS)
        try:
            hello = self.control.recv(1 << 16)
        except OSError:
            hello = b""
        if not hello:
            raise SandboxError(f"the sandbox did not start: {self.last_words()}", "run `ptquiz doctor`")
        said: dict[str, Any] = json.loads(hello)
        return said

    def last_words(self) -> str:
        self.process.kill()
        assert self.process.stderr is not None
        words = self.process.stderr.read().decode(errors="replace").strip().splitlines()
        return words[-1] if words else "it went away without a word"

    def fork(self, shape: Shape, threads: int) -> Worker:
        """A new worker, which may not be ready yet; raises SandboxError when the zygote is gone."""
        link, their_link = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        out, their_out = os.pipe()
        err, their_err = os.pipe()
        self.count += 1
        folder = self.folder / f"run-{self.count}"
        request = {
            "kind": shape.kind,
            "cuda": shape.cuda,
            "scratch": shape.scratch,
            "folder": str(folder),
            "threads": threads,
        }
        theirs = [their_link.fileno(), their_out, their_err]
        try:
            with self.lock:
                socket.send_fds(self.control, [json.dumps(request).encode()], theirs)
                data, fds, _, _ = socket.recv_fds(self.control, 1 << 16, 1)
            reply = json.loads(data) if data else {"error": "the sandbox went away"}
            if "error" in reply:
                raise SandboxError(f"no worker could be started: {reply['error']}")
            for descriptor in (out, err):
                os.set_blocking(descriptor, False)
            return Worker(shape, pid_of(fds[0]), fds[0], link, out, err, folder)
        except (OSError, SandboxError) as error:
            link.close()
            os.close(out)
            os.close(err)
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, SandboxError):
                raise
            raise SandboxError(f"no worker could be started: {error}") from error
        finally:
            their_link.close()
            os.close(their_out)
            os.close(their_err)

    def alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        """End the zygote and with it every worker."""
        self.control.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def environment(folder: Path) -> dict[str, str]:
    """All that the sandbox inherits of the environment."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONHASHSEED": "0",
    }


def pid_of(pidfd: int) -> int:
    """The process's number as this process sees it."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return -1

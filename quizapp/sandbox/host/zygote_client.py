"""The app's handle on the zygote, the process that forks workers."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from typing import Any

from quizapp.errors import SandboxError
from quizapp.sandbox.host.process import BOOT, PACKAGE_ROOT, Forked, Worker, WorkerSpec, environment, open_channel
from quizapp.sandbox.host.tempdirs import TempDir, sweep
from quizapp.sandbox.host.usage import children
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.jail.namespaces import owners

START_SECONDS = 120.0
FORK_SECONDS = 20.0
END_SECONDS = 3.0


class ZygoteClient:
    """One request at a time, from any thread."""

    def __init__(self, judge: str, layers: Layers) -> None:
        sweep(owners())
        self.held = TempDir()
        self.folder = self.held.path
        self.lock = threading.Lock()
        self.count = 0
        self.loaded: set[str] = set()
        self.in_namespaces = False
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            wanted = {"control": theirs.fileno(), "judge": judge, "folder": str(self.folder), "layers": layers.facts()}
            self.process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-c", BOOT.format(root=PACKAGE_ROOT, wanted=json.dumps(wanted))],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                env=environment(self.folder),
                cwd="/",
                start_new_session=True,
            )

    def start(self) -> dict[str, Any]:
        self.control.settimeout(START_SECONDS)
        try:
            hello = self.control.recv(1 << 16)
        except OSError:
            hello = b""
        if not hello:
            raise SandboxError(f"the sandbox did not start: {self._last_words()}", "run `ptquiz doctor`")
        self.control.settimeout(FORK_SECONDS)
        said: dict[str, Any] = json.loads(hello)
        self.in_namespaces = said["layers"]["namespaces"]
        return said

    def make(self, shape: WorkerSpec, threads: int, rehearse: bool) -> Worker:
        self.count += 1
        folder = self.folder / f"run-{self.count}"
        request = {
            "kind": shape.kind,
            "cuda": shape.cuda,
            "scratch": shape.scratch,
            "folder": str(folder),
            "threads": threads,
            "rehearse": rehearse,
        }
        with open_channel() as ends:
            try:
                with self.lock:
                    socket.send_fds(self.control, [json.dumps(request).encode()], ends.theirs)
                    data, descriptors, _, _ = socket.recv_fds(self.control, 1 << 16, 1)
            except OSError as error:
                raise SandboxError(f"no worker could be started: {error}") from error
            if not descriptors:
                reason = json.loads(data)["error"] if data else "the sandbox went away"
                raise SandboxError(f"no worker could be started: {reason}")
            return Worker(shape, Forked(descriptors[0]), ends.link, ends.out, ends.err, folder)

    def load(self, library: str) -> None:
        self.loaded.add(library)
        with self.lock:
            try:
                self.control.send(json.dumps({"load": library}).encode())
                self.control.recv(1 << 16)
            except OSError as error:
                raise SandboxError(f"{library} could not be loaded: {error}") from error

    def alive(self) -> bool:
        return self.process.poll() is None

    def processes(self) -> set[int]:
        # In namespaces, our child only waits for the zygote, which is its only child.
        zygote = set(children(self.process.pid)) if self.in_namespaces else set()
        return {self.process.pid} | zygote

    def close(self) -> None:
        """End the zygote and with it every worker."""
        self.control.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()
        self.held.remove()

    def _last_words(self) -> str:
        self.process.kill()
        assert self.process.stderr is not None
        words = self.process.stderr.read().decode(errors="replace").strip().splitlines()
        return words[-1] if words else "it went away without a word"

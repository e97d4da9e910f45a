"""The app's handle on the zygote, the process that forks the workers."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from typing import Any

from quizapp.errors import SandboxError
from quizapp.sandbox.host.process import (
    BOOT,
    PACKAGE_ROOT,
    Forked,
    Worker,
    WorkerSpec,
    environment,
    last_line,
    open_channel,
    worker_request,
)
from quizapp.sandbox.host.tempdirs import TempDir, sweep
from quizapp.sandbox.host.usage import children
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.jail.namespaces import possible_owners

START_SECONDS = 120.0
FORK_SECONDS = 20.0
END_SECONDS = 3.0


class ZygoteClient:
    """Sends requests to the zygote, one at a time. Thread-safe."""

    def __init__(self, judge: str, layers: Layers) -> None:
        sweep(possible_owners())
        self.temp_dir = TempDir()
        self.folder = self.temp_dir.path
        self.lock = threading.Lock()
        self.worker_count = 0
        self.loaded: set[str] = set()
        self.in_namespaces = False
        self.control, zygote_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with zygote_end:
            options = {
                "control": zygote_end.fileno(),
                "judge": judge,
                "folder": str(self.folder),
                "layers": layers.facts(),
            }
            self.process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-c", BOOT.format(root=PACKAGE_ROOT, options=json.dumps(options))],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[zygote_end.fileno()],
                env=environment(self.folder),
                cwd="/",
                start_new_session=True,
            )

    def start(self) -> dict[str, Any]:
        """Wait for the zygote and return what it reports about Python and torch; raises SandboxError."""
        self.control.settimeout(START_SECONDS)
        try:
            data = self.control.recv(1 << 16)
        except OSError:
            data = b""
        if not data:
            raise SandboxError(f"the sandbox did not start: {self._last_error_line()}", "run `ptquiz doctor`")
        self.control.settimeout(FORK_SECONDS)
        hello: dict[str, Any] = json.loads(data)
        self.in_namespaces = hello["layers"]["namespaces"]
        return hello

    def create_worker(self, spec: WorkerSpec, dry_run: bool) -> Worker:
        self.worker_count += 1
        folder = self.folder / f"run-{self.worker_count}"
        request = worker_request(spec, folder, dry_run)
        with open_channel() as channel:
            try:
                with self.lock:
                    socket.send_fds(self.control, [json.dumps(request).encode()], channel.worker_ends)
                    data, descriptors, _, _ = socket.recv_fds(self.control, 1 << 16, 1)
            except OSError as error:
                raise SandboxError(f"no worker could be started: {error}") from error
            if not descriptors:
                reason = json.loads(data)["error"] if data else "the sandbox crashed"
                raise SandboxError(f"no worker could be started: {reason}")
            return Worker(spec, Forked(descriptors[0]), channel.link, channel.out, channel.err, folder)

    def load(self, library: str) -> None:
        self.loaded.add(library)
        with self.lock:
            try:
                self.control.send(json.dumps({"load": library}).encode())
                self.control.recv(1 << 16)
            except OSError as error:
                raise SandboxError(f"{library} could not be loaded: {error}") from error

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def processes(self) -> set[int]:
        # With a PID namespace, the child of the app only waits for the zygote, its only child.
        zygote = set(children(self.process.pid)) if self.in_namespaces else set()
        return {self.process.pid} | zygote

    def close(self) -> None:
        """End the zygote and every worker."""
        self.control.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()
        self.temp_dir.remove()

    def _last_error_line(self) -> str:
        self.process.kill()
        assert self.process.stderr is not None
        return last_line(self.process.stderr.read())

"""The app's handle on the zygote, the process that forks the workers."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from quizapp.errors import SandboxError
from quizapp.sandbox.host.process import (
    BOOT,
    PACKAGE_ROOT,
    Forked,
    Worker,
    WorkerRefused,
    WorkerSpec,
    environment,
    last_line,
    open_channel,
    worker_request,
)
from quizapp.sandbox.host.tempdirs import TempDir, sweep
from quizapp.sandbox.host.usage import children
from quizapp.sandbox.jail.cuda_driver import NO_DRIVER, CudaDriver
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.jail.namespaces import possible_owners

START_SECONDS = 120.0
REPLY_SECONDS = 20.0
END_SECONDS = 3.0


class ZygoteClient:
    """Sends requests to the zygote, each with a socket for its reply, so that none waits for another. Thread-safe."""

    def __init__(self, judge: str, layers: Layers, driver: CudaDriver = NO_DRIVER) -> None:
        """Start the zygote; with a `driver`, one for workers with CUDA only."""
        sweep(possible_owners())
        self.temp_dir = TempDir()
        self.folder = self.temp_dir.path
        self.worker_numbers = itertools.count(1)
        self.loaded: set[str] = set()
        self.in_namespaces = False
        self.control, zygote_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with zygote_end:
            options = {
                "control": zygote_end.fileno(),
                "judge": judge,
                "folder": str(self.folder),
                "layers": layers.facts(),
                "driver": driver.facts(),
            }
            self.process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-c", BOOT.format(root=PACKAGE_ROOT, options=json.dumps(options))],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[zygote_end.fileno()],
                env=environment(self.folder, driver),
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
        self.control.settimeout(REPLY_SECONDS)
        hello: dict[str, Any] = json.loads(data)
        self.in_namespaces = hello["layers"]["namespaces"]
        return hello

    def create_worker(self, spec: WorkerSpec, dry_run: bool) -> Worker:
        folder = self.folder / f"run-{next(self.worker_numbers)}"
        request = worker_request(spec, folder, dry_run)
        try:
            with open_channel() as channel:
                reply, pidfd = self._ask(request, channel.worker_ends)
                if pidfd is None:
                    raise WorkerRefused(f"no worker could be started: {reply['error']}")
                return Worker(spec, Forked(pidfd), channel.link, channel.out, channel.err, folder)
        except OSError as error:
            raise SandboxError(f"no worker could be started: {error}") from error

    def load(self, library: str) -> None:
        self.loaded.add(library)
        try:
            self._ask({"load": library}, ())
        except OSError as error:
            raise SandboxError(f"{library} could not be loaded: {error}") from error

    def _ask(self, request: dict[str, Any], descriptors: Sequence[int]) -> tuple[dict[str, Any], int | None]:
        """Return the reply to one request, and the descriptor that it carries; raises OSError."""
        own, peer = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with own:
            with peer:
                socket.send_fds(self.control, [json.dumps(request).encode()], [*descriptors, peer.fileno()])
            own.settimeout(REPLY_SECONDS)
            data, received, _, _ = socket.recv_fds(own, 1 << 16, 1)
        if not data:
            raise ConnectionError("the sandbox crashed")
        return json.loads(data), received[0] if received else None

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

"""Workers for systems where forking is unsafe once torch is loaded: one fresh process each, started ahead of time."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from quizapp.errors import SandboxError
from quizapp.sandbox.host.process import (
    BOOT,
    PACKAGE_ROOT,
    Spawned,
    Worker,
    WorkerSpec,
    environment,
    open_channel,
    worker_request,
)
from quizapp.sandbox.host.tempdirs import TempDir, sweep
from quizapp.sandbox.jail.cuda_driver import NO_DRIVER
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.jail.macos import profile
from quizapp.sandbox.jail.namespaces import possible_owners

SANDBOX_EXEC = "/usr/bin/sandbox-exec"


class FreshProcessSource:
    """Spawns one process per worker, on macOS inside `sandbox-exec`."""

    def __init__(self, judge: str, layers: Layers) -> None:
        self.judge = judge
        self.layers = layers
        sweep(possible_owners())
        self.temp_dir = TempDir()
        self.folder = self.temp_dir.path
        self.worker_numbers = itertools.count(1)
        self.loaded: set[str] = set()

    def start(self) -> dict[str, Any]:
        """Return what a first worker, discarded afterwards, reports about Python and torch; raises SandboxError."""
        # A judge, if there is one: its module must be importable.
        worker = self.create_worker(WorkerSpec("judge" if self.judge else "learner"), dry_run=False)
        try:
            if not worker.wait_until_ready():
                raise SandboxError(f"the sandbox did not start: {worker.last_error_line()}", "run `ptquiz doctor`")
            return worker.hello
        finally:
            worker.discard()

    def create_worker(self, spec: WorkerSpec, dry_run: bool) -> Worker:
        folder = self.folder / f"run-{next(self.worker_numbers)}"
        with open_channel() as channel:
            options = {
                "worker": worker_request(spec, folder, dry_run),
                "descriptors": channel.worker_ends,
                "judge": self.judge,
                "folder": str(self.folder),
                "layers": self.layers.facts(),
                "driver": NO_DRIVER.facts(),
            }
            program = [sys.executable, "-s", "-P", "-c", BOOT.format(root=PACKAGE_ROOT, options=json.dumps(options))]
            try:
                child = subprocess.Popen(
                    [*self._confined(folder), *program],
                    stdin=subprocess.DEVNULL,
                    stdout=channel.worker_ends[1],
                    stderr=channel.worker_ends[2],
                    pass_fds=channel.worker_ends,
                    env=environment(folder),
                    cwd="/",
                    start_new_session=True,
                )
            except OSError as error:
                raise SandboxError(f"no worker could be started: {error}") from error
            return Worker(spec, Spawned(child), channel.link, channel.out, channel.err, folder)

    def _confined(self, folder: Path) -> list[str]:
        if sys.platform == "darwin" and shutil.which(SANDBOX_EXEC):
            return [SANDBOX_EXEC, "-p", profile(folder)]
        return []

    def load(self, library: str) -> None:
        """Record the library only: these workers share no memory, so loading it early gains nothing."""
        self.loaded.add(library)

    def is_alive(self) -> bool:
        return True

    def processes(self) -> set[int]:
        return set()

    def close(self) -> None:
        self.temp_dir.remove()

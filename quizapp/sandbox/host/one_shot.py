"""Workers where forking after torch is loaded is unsafe: a fresh process each, loaded beforehand and used once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from quizapp.errors import SandboxError
from quizapp.sandbox.host.process import BOOT, PACKAGE_ROOT, Spawned, Worker, WorkerSpec, environment, open_channel
from quizapp.sandbox.host.tempdirs import TempDir, sweep
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.jail.macos import profile
from quizapp.sandbox.jail.namespaces import owners

SANDBOX_EXEC = "/usr/bin/sandbox-exec"


class FreshProcessSource:
    """Spawns one process for each worker; on macOS inside `sandbox-exec`."""

    def __init__(self, judge: str, layers: Layers) -> None:
        self.judge = judge
        self.layers = layers
        sweep(owners())
        self.held = TempDir()
        self.folder = self.held.path
        self.count = 0
        self.loaded: set[str] = set()

    def start(self) -> dict[str, Any]:
        """The first worker tells what there is to tell; it is thrown away."""
        worker = self.make(WorkerSpec("judge"), 1, rehearse=False)
        try:
            if not worker.wait_until_ready():
                raise SandboxError(f"the sandbox did not start: {worker.last_words()}", "run `ptquiz doctor`")
            return worker.hello
        finally:
            worker.discard()

    def make(self, shape: WorkerSpec, threads: int, rehearse: bool) -> Worker:
        self.count += 1
        folder = self.folder / f"run-{self.count}"
        with open_channel() as ends:
            wanted = {
                "one": {
                    "kind": shape.kind,
                    "cuda": shape.cuda,
                    "scratch": shape.scratch,
                    "folder": str(folder),
                    "threads": threads,
                    "rehearse": rehearse,
                },
                "descriptors": ends.theirs,
                "judge": self.judge,
                "folder": str(self.folder),
                "layers": self.layers.facts(),
            }
            program = [sys.executable, "-s", "-P", "-c", BOOT.format(root=PACKAGE_ROOT, wanted=json.dumps(wanted))]
            try:
                child = subprocess.Popen(
                    [*self._confined(folder), *program],
                    stdin=subprocess.DEVNULL,
                    stdout=ends.theirs[1],
                    stderr=ends.theirs[2],
                    pass_fds=ends.theirs,
                    env=environment(folder),
                    cwd="/",
                    start_new_session=True,
                )
            except OSError as error:
                raise SandboxError(f"no worker could be started: {error}") from error
            return Worker(shape, Spawned(child), ends.link, ends.out, ends.err, folder)

    def _confined(self, folder: Path) -> list[str]:
        if sys.platform == "darwin" and shutil.which(SANDBOX_EXEC):
            return [SANDBOX_EXEC, "-p", profile(folder)]
        return []

    def load(self, library: str) -> None:
        """Nothing is shared between the workers here."""
        self.loaded.add(library)

    def alive(self) -> bool:
        return True

    def processes(self) -> set[int]:
        return set()

    def close(self) -> None:
        self.held.remove()

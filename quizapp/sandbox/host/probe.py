"""Tests what the sandbox denies on this machine by attempting each forbidden act in a worker; fails closed."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import shutil
import socket
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizapp.sandbox.host.process import Worker
from quizapp.sandbox.host.supervisor import supervise
from quizapp.sandbox.jail.escape_attempts import ATTEMPTS, Guarantee
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.jail.readable_paths import shipped_decks
from quizapp.sandbox.protocol import Ending, Limits, Report, Run

CODE = "from quizapp.sandbox.jail.escape_attempts import run_attempts\nimport json\nrun_attempts(json.loads(FACTS))\n"
LEAVE_PROCESS = "leave a process behind"
FULL, PARTIAL, PROCESS = "full", "partial", "process"
LIMITS = Limits(seconds=20.0)
ENDED_WITH_RUN = "ended with the run"
REFUSALS = {"EPERM", "EACCES", "ENOENT", "ESRCH", "EROFS", "ENOSYS", ENDED_WITH_RUN}
"""Results that prove a denial; any other failure proves nothing."""

UNREACHABLE = {"ECONNREFUSED", "ENETUNREACH", "EAFNOSUPPORT"}
"""Results that prove a denial of network access too: nothing listens in an empty network namespace."""


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """A forbidden act, and the result of attempting it on this machine."""

    name: str
    guarantee: Guarantee
    stopped_by: str
    """The active layers that are meant to stop it, comma-separated; may be empty."""

    result: str
    """The error's name, `done`, or `not tried`."""

    is_denied: bool


def probe_attempts(worker: Worker) -> list[AttemptResult]:
    """Attempt every act in `worker`, which cannot be used again, and return the results."""
    with _open_canaries() as canaries:
        before = canaries.state()
        facts = {**canaries.facts, "driver": worker.hello.get("started", {}).get("descriptors", [])}
        report = supervise(Run("", (), preamble=_code(facts), limits=LIMITS), worker)
        results = _results(report)
        if not _is_pipe_closed(worker):
            results[LEAVE_PROCESS] = "done"
        elif results.get(LEAVE_PROCESS) == "done":
            results[LEAVE_PROCESS] = ENDED_WITH_RUN
        if canaries.state() != before:
            results["write to a file"] = "done"
    active = Layers(**worker.hello["layers"])
    return [_evaluate(name, results.get(name, "not tried"), active) for name in ATTEMPTS]


def tier_of(attempts: list[AttemptResult]) -> tuple[str, tuple[str, ...]]:
    """Return the name of the tier, and the guarantees that are missing."""
    missing = tuple(dict.fromkeys(attempt.guarantee for attempt in attempts if not attempt.is_denied))
    if not attempts:
        return PROCESS, tuple(Guarantee)
    if not missing:
        return FULL, ()
    files_are_safe = not {Guarantee.READ, Guarantee.WRITE} & set(missing)
    return PARTIAL if files_are_safe else PROCESS, tuple(map(str, missing))


def _evaluate(name: str, result: str, active: Layers) -> AttemptResult:
    guarantee, layers, _ = ATTEMPTS[name]
    is_denied = result in REFUSALS or (guarantee is Guarantee.NETWORK and result in UNREACHABLE)
    return AttemptResult(name, guarantee, ", ".join(_active_layers(layers, active)), result, is_denied)


def _active_layers(layers: str, active: Layers) -> Iterator[str]:
    """Yield those of the comma-separated `layers` that are active."""
    for layer in layers.split(", "):
        name, _, version = layer.partition(" ")
        if name == "Landlock":
            is_active = active.landlock >= int(version or 1)
        else:
            is_active = active.seccomp if name == "seccomp" else active.namespaces or "namespace" not in layer
        if is_active:
            yield name if name == "Landlock" else layer


def _code(facts: dict[str, Any]) -> str:
    return f"FACTS = {json.dumps(facts)!r}\n{CODE}"


def _results(report: Report) -> dict[str, str]:
    """Return the results that the worker printed; empty, which means nothing was denied, if it printed none."""
    with contextlib.suppress(ValueError, AttributeError):
        if report.ending is Ending.FINISHED and report.raised is None:
            parsed = json.loads(report.stdout)
            return {str(name): str(result) for name, result in parsed.items()}
    return {}


def _is_pipe_closed(worker: Worker) -> bool:
    """Return whether every copy of the worker's stdout is closed within 2 s of its death."""
    os.set_blocking(worker.out, False)
    poll = select.poll()
    poll.register(worker.out, select.POLLIN)
    deadline = time.monotonic() + 2
    while (left := deadline - time.monotonic()) > 0:
        if poll.poll(left * 1000):
            with contextlib.suppress(BlockingIOError):
                if not os.read(worker.out, 1 << 16):
                    return True
    return False


@dataclass(frozen=True, slots=True)
class Canaries:
    """Folders and sockets for a worker to attack."""

    facts: dict[str, Any]

    def state(self) -> list[tuple[str, int, int, int, int]]:
        """Return what no attempt may change: (path, mode, owner, mtime, size) of each file."""
        folders = [Path(self.facts["home"]), Path(self.facts["temporary"])]
        files = []
        for path in sorted([*folders, *(child for folder in folders for child in folder.iterdir())]):
            status = path.lstat()
            files.append((str(path), status.st_mode, status.st_uid, status.st_mtime_ns, status.st_size))
        return files


@contextlib.contextmanager
def _open_canaries() -> Iterator[Canaries]:
    with contextlib.ExitStack() as stack:
        home, temporary = (
            stack.enter_context(_canary_folder(parent)) for parent in (Path.home(), Path(tempfile.gettempdir()))
        )
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        named, abstract = (stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        named.bind(str(temporary / "socket"))
        open_file = stack.enter_context((home / "canary").open("rb"))
        facts = {
            "app": os.getpid(),
            "home": str(home),
            "temporary": str(temporary),
            "open": open_file.fileno(),
            "decks": shipped_decks(),
            "torch": sysconfig.get_path("purelib") + "/torch",
            "tcp": tcp.getsockname(),
            "udp": udp.getsockname(),
            "socket": str(temporary / "socket"),
            "abstract": f"\0ptquiz-{os.getpid()}",
            "priority": os.getpriority(os.PRIO_PROCESS, 0),
            "files": resource.getrlimit(resource.RLIMIT_NOFILE),
            "processors": [],
        }
        named.listen()
        if hasattr(os, "sched_getaffinity"):
            abstract.bind(facts["abstract"])
            abstract.listen()
            facts["processors"] = sorted(os.sched_getaffinity(0))
        yield Canaries(facts)


@contextlib.contextmanager
def _canary_folder(parent: Path) -> Iterator[Path]:
    """Make a folder that every user may change, so that only the sandbox protects it."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".ptquiz-probe-", dir=parent))
    except OSError:
        # The home folder is not writable: use the temporary folder instead.
        folder = Path(tempfile.mkdtemp(prefix=".ptquiz-probe-"))
    try:
        folder.chmod(0o777)
        for name in ("canary", "spare"):
            (folder / name).write_text("a secret")
            (folder / name).chmod(0o666)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)

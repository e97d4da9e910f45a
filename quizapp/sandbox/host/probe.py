"""What the sandbox can deny on this machine, found by trying each forbidden act in a real worker; fails closed."""

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
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.jail.readable_paths import decks
from quizapp.sandbox.protocol import Ending, Limits, Report, Run
from quizapp.sandbox.worker.escape_attempts import ACTS, Guarantee

CODE = "from quizapp.sandbox.worker.escape_attempts import attempt\nimport json\nattempt(json.loads(FACTS))\n"
LEAVING = "leave a process behind"
FULL, PARTIAL, PROCESS = "full", "partial", "process"
LIMITS = Limits(seconds=20.0)
ENDED = "ended with the run"
REFUSALS = {"EPERM", "EACCES", "ENOENT", "ESRCH", "EROFS", "ENOSYS", ENDED}
"""Only what happened so was denied; any other failure proves nothing."""

UNREACHABLE = {"ECONNREFUSED", "ENETUNREACH", "EAFNOSUPPORT"}
"""In a network of one's own nobody is there."""


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """One forbidden act, and what became of it here."""

    name: str
    guarantee: Guarantee
    stopped_by: str
    """The layers of this machine that are there to stop it; empty where there is none."""

    happened: str
    """The error's name, `done`, or `not tried`."""

    held: bool
    """It was refused."""


def probe_acts(worker: Worker) -> list[AttemptResult]:
    """Try every act in `worker`, which is used up by it."""
    with _bait() as bait:
        before = bait.state()
        report = supervise(Run("", (), preamble=_code(bait.facts), limits=LIMITS), worker)
        happened = _read(report)
        if not _all_gone(worker):
            happened[LEAVING] = "done"
        elif happened.get(LEAVING) == "done":
            happened[LEAVING] = ENDED
        if bait.state() != before:
            happened["write to a file"] = "done"
    there = Layers(**worker.hello["layers"])
    return [_judged(name, happened.get(name, "not tried"), there) for name in ACTS]


def tier_of(acts: list[AttemptResult]) -> tuple[str, tuple[str, ...]]:
    """The tier's name, and the guarantees that it lacks."""
    missing = tuple(dict.fromkeys(act.guarantee for act in acts if not act.held))
    if not acts:
        return PROCESS, tuple(Guarantee)
    if not missing:
        return FULL, ()
    files_are_safe = not {Guarantee.READ, Guarantee.WRITE} & set(missing)
    return PARTIAL if files_are_safe else PROCESS, tuple(str(one) for one in missing)


def _judged(name: str, happened: str, there: Layers) -> AttemptResult:
    guarantee, layers, _ = ACTS[name]
    held = happened in REFUSALS or (guarantee is Guarantee.NETWORK and happened in UNREACHABLE)
    return AttemptResult(name, guarantee, ", ".join(_standing(layers, there)), happened, held)


def _standing(layers: str, there: Layers) -> Iterator[str]:
    """Those of the layers that are there."""
    for layer in layers.split(", "):
        name, _, version = layer.partition(" ")
        if name == "Landlock":
            stands = there.landlock >= int(version or 1)
        else:
            stands = there.seccomp if name == "seccomp" else there.namespaces or "namespace" not in layer
        if stands:
            yield name if name == "Landlock" else layer


def _code(facts: dict[str, Any]) -> str:
    return f"FACTS = {json.dumps(facts)!r}\n{CODE}"


def _read(report: Report) -> dict[str, str]:
    """What the worker says; nothing where it says nothing, and then nothing held."""
    with contextlib.suppress(ValueError, AttributeError):
        if report.ending is Ending.FINISHED and report.raised is None:
            said = json.loads(report.stdout)
            return {str(name): str(what) for name, what in said.items()}
    return {}


def _all_gone(worker: Worker) -> bool:
    """Whether nobody holds the worker's pipe any more, a moment after it was killed."""
    os.set_blocking(worker.out, False)
    deadline = time.monotonic() + 2
    while (left := deadline - time.monotonic()) > 0:
        if select.select([worker.out], [], [], left)[0]:
            with contextlib.suppress(BlockingIOError):
                if not os.read(worker.out, 1 << 16):
                    return True
    return False


@dataclass(frozen=True, slots=True)
class Canaries:
    """Folders and sockets for a worker to try its hand on."""

    facts: dict[str, Any]

    def state(self) -> list[tuple[str, int, int, int, int]]:
        """Everything about the canaries that must not change."""
        folders = [Path(self.facts["home"]), Path(self.facts["temporary"])]
        found = []
        for path in sorted([*folders, *(child for folder in folders for child in folder.iterdir())]):
            about = path.lstat()
            found.append((str(path), about.st_mode, about.st_uid, about.st_mtime_ns, about.st_size))
        return found


@contextlib.contextmanager
def _bait() -> Iterator[Canaries]:
    with contextlib.ExitStack() as stack:
        home, temporary = (stack.enter_context(_canary(place)) for place in (Path.home(), Path(tempfile.gettempdir())))
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        named, abstract = (stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        named.bind(str(temporary / "socket"))
        held = stack.enter_context((home / "canary").open("rb"))
        facts = {
            "app": os.getpid(),
            "home": str(home),
            "temporary": str(temporary),
            "open": held.fileno(),
            "decks": decks(),
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
def _canary(place: Path) -> Iterator[Path]:
    """A folder that anyone may enter and change, so that only the sandbox stands before it."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".ptquiz-probe-", dir=place))
    except OSError:
        # No home to write in: then the folder for temporary files stands for it.
        folder = Path(tempfile.mkdtemp(prefix=".ptquiz-probe-"))
    try:
        folder.chmod(0o777)
        for name in ("canary", "spare"):
            (folder / name).write_text("a secret")
            (folder / name).chmod(0o666)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)

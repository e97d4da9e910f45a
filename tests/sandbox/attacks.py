"""Hostile answers, and what must hold after each: also run as `python -m tests.sandbox.attacks` by other users.

An answer's file is named after its outcome, `wrong_or_crashed__what_it_does.py`. It is graded on a card whose
solution it cannot know; a breach is whatever must not have come of it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import resource
import select
import signal
import socket
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import IO

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader
from quizapp.grading.render import as_json, verdict_lines
from quizapp.grading.verdict import Outcome
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.usage import tree
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.jail.readable_paths import PACKAGE
from quizapp.sandbox.protocol import Limits
from quizapp.text.printable import json_text

ANSWERS = Path(__file__).parent / "answers"
SECRET = "the secret of the learner"
RIGHT = "answer = x * 3.7 - 11"
SECONDS = 10.0
MEMORY = 256 << 20
SETTLE_SECONDS = 10.0
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Attack:
    """One file."""

    name: str
    outcomes: frozenset[str]
    code: str
    seconds: float
    confined_only: bool
    """Never to be run where nothing would stop it."""


def attacks() -> list[Attack]:
    return [_attack(path) for path in sorted(ANSWERS.glob("*.py"))]


def _attack(path: Path) -> Attack:
    code = path.read_text(encoding="utf-8")
    seconds = re.search(r"^# seconds: (.+)$", code, re.M)
    outcomes = path.stem.partition("__")[0].split("_or_")
    assert set(outcomes) <= set(Outcome) - {Outcome.PASSED}, path
    limit = float(seconds[1]) if seconds else SECONDS
    return Attack(path.stem, frozenset(outcomes), code, limit, "# confined only" in code)


def confine_to_ourselves() -> None:
    """Let what an answer leaves behind become our own child, so that it is seen."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


@dataclass
class Range:
    """A place to attack: canaries, sockets that nobody may reach, and ourselves."""

    home: Path
    temporary: Path
    tcp: socket.socket
    udp: socket.socket
    named: socket.socket
    abstract: socket.socket
    held: IO[bytes]
    """A file of the home folder that we have open."""

    signals: list[int] = field(default_factory=list)

    def given(self) -> str:
        names = {
            "HOME": str(self.home),
            "TEMPORARY": str(self.temporary),
            "APP": os.getpid(),
            "TCP": self.tcp.getsockname()[1],
            "UDP": self.udp.getsockname()[1],
            "SOCKET": str(self.temporary / "socket"),
            "ABSTRACT": f"\0attack-{os.getpid()}",
            "DECK": str(self.home / "deck.yaml"),
            "STORE": str(self.home / "reviews.db"),
            "HELD": self.held.fileno(),
            "SHIPPED": str(PACKAGE / "shipped"),
        }
        verdict_lines = [f"{name} = {value!r}" for name, value in names.items()]
        return "\n".join(["x = torch.arange(6.0).reshape(2, 3)", *verdict_lines])

    def state(self) -> dict[str, object]:
        """Everything about files and ourselves that no answer may change."""
        about: dict[str, object] = {
            "priority": os.getpriority(os.PRIO_PROCESS, 0),
            "processors": sorted(os.sched_getaffinity(0)),
            "scheduling": os.sched_getscheduler(0),
            "open files": resource.getrlimit(resource.RLIMIT_NOFILE),
        }
        for folder in (self.home, self.temporary):
            for path in sorted([folder, *folder.iterdir()]):
                stat = path.lstat()
                about[str(path)] = (stat.st_mode, stat.st_uid, stat.st_size, stat.st_mtime_ns, _attributes(path))
        return about

    def visited(self) -> list[str]:
        """Sockets on which somebody has called."""
        links = {"tcp": self.tcp, "udp": self.udp, "socket file": self.named, "abstract socket": self.abstract}
        return [name for name, link in links.items() if select.select([link], [], [], 0)[0]]


def _attributes(path: Path) -> tuple[str, ...]:
    with contextlib.suppress(OSError):
        return tuple(os.listxattr(path, follow_symlinks=False))
    return ()


@contextlib.contextmanager
def shooting_range() -> Iterator[Range]:
    """Canaries with the widest rights, in the real home and among temporary files."""
    with contextlib.ExitStack() as stack:
        folders = [
            Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".ptquiz-attack-", dir=place)))
            for place in (Path.home(), tempfile.gettempdir())
        ]
        for folder in folders:
            folder.chmod(0o777)
            for name in ("canary", "spare"):
                (folder / name).write_text(SECRET)
                (folder / name).chmod(0o666)
        (folders[0] / "deck.yaml").write_text(f"deck: attacks\ncards:\n- solution: {RIGHT}  # {SECRET}\n")
        with contextlib.closing(sqlite3.connect(folders[0] / "reviews.db")) as store:
            store.executescript(f"create table secrets (text); insert into secrets values ('{SECRET}')")
        held = stack.enter_context((folders[0] / "canary").open("rb"))
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        named, abstract = (stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        named.bind(str(folders[1] / "socket"))
        abstract.bind(f"\0attack-{os.getpid()}")
        for link in (named, abstract):
            link.listen()
        place = Range(*folders, tcp, udp, named, abstract, held)

        def note(number: int, frame: FrameType | None) -> None:
            place.signals.append(number)

        if threading.current_thread() is threading.main_thread():
            before = signal.signal(signal.SIGUSR1, note)
            stack.callback(signal.signal, signal.SIGUSR1, before)
        yield place


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What came of one attack."""

    outcome: str
    breaches: tuple[str, ...]


def attack(sandbox: Sandbox, attack: Attack, place: Range) -> Aftermath:
    """Run one attack, and look at everything that it must not have done."""
    grader = Grader(sandbox, trust=True)
    limits = Limits(seconds=attack.seconds, memory=MEMORY, scratch=8 << 20, processes=32)
    card = Card(
        "attacks",
        "x",
        "?",
        (Check("answer"),),
        preamble="import torch",
        given=place.given(),
        solution=RIGHT,
        limits=limits,
    )
    state = place.state()
    folders = _folders() - sandbox.folders()
    known = set(tree(os.getpid())) - sandbox.processes()
    verdict = grader.grade(card, attack.code)
    found = [f"outcome {verdict.outcome}: {verdict.detail or verdict.error}"] * (verdict.outcome not in attack.outcomes)
    found += [f"score {verdict.score}"] * (verdict.score > 0)
    said = "\n".join([verdict.stdout, verdict.stderr, str(verdict.error)])
    found += [f"read a secret: {secret}" for secret in (SECRET, RIGHT) if secret in said]
    if not all(character in "\n\t" or character.isprintable() for line in verdict_lines(verdict) for character in line):
        found.append("printed what a terminal obeys")
    if not json_text(as_json(verdict)).isprintable():
        found.append("printed what a terminal obeys, as JSON")
    found += [f"called on {name}" for name in place.visited()]
    found += [f"changed {key}" for key in _changes(state, place.state())]
    found += ["signalled the app"] * bool(place.signals)
    again = grader.grade(replace(card, limits=replace(limits, seconds=SECONDS)), RIGHT)
    if again.outcome is not Outcome.PASSED:
        found.append(f"the next answer is {again.outcome}: {again.detail or again.error}")
    found += _left_behind(sandbox, known, folders)
    return Aftermath(str(verdict.outcome), tuple(found))


def _changes(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return [key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]


def _folders() -> set[str]:
    """Scratch folders of ours, whichever sandbox they belong to."""
    return {str(path) for path in Path(tempfile.gettempdir()).glob(f"ptquiz-{os.getpid()}-*/run-*")}


def _left_behind(sandbox: Sandbox, known: set[int], folders: set[str]) -> list[str]:
    """Processes and folders that are still there a good while after."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        _reap()
        left = set(tree(os.getpid())) - sandbox.processes() - known
        remains = sorted(_folders() - sandbox.folders() - folders)
        if not left and not remains:
            return []
        threading.Event().wait(0.02)
    return [f"left behind {[_command(pid) for pid in left]}, {remains}"]


def _reap() -> None:
    """Orphans that ended."""
    for pid in tree(os.getpid())[1:]:
        with contextlib.suppress(OSError, ValueError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            if fields[0] == "Z" and int(fields[1]) == os.getpid():
                os.waitpid(pid, os.WNOHANG)


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return f"{pid} {Path(f'/proc/{pid}/cmdline').read_bytes()[:40]!r}"
    return str(pid)


def run_all(layers: Layers, names: Sequence[str] = ()) -> dict[str, dict[str, object]]:
    """Every attack on a sandbox of these layers; those that only a jail may hold are left out of a weak one."""
    strong = layers.seccomp
    found: dict[str, dict[str, object]] = {}
    confine_to_ourselves()
    with Sandbox(layers=layers) as sandbox:
        sandbox.wait()
        for one in attacks():
            if (names and one.name not in names) or (one.confined_only and not strong):
                continue
            began = time.monotonic()
            with shooting_range() as place:
                after = attack(sandbox, one, place)
            seconds = round(time.monotonic() - began, 2)
            found[one.name] = {"outcome": after.outcome, "breaches": after.breaches, "seconds": seconds}
    return found


if __name__ == "__main__":
    wanted = Layers(**json.loads(sys.argv[1]))
    print(json.dumps(run_all(wanted, sys.argv[2:])))

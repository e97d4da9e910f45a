"""Runs hostile answers and looks for breaches; `python -m tests.sandbox.attacks` does so as another user.

The file of an answer is named after its allowed outcomes, `wrong_or_crashed__what_it_does.py`. It is graded on a card
whose solution it cannot know; a breach is any effect that it must not have.
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
from typing import IO, Literal

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import JUDGE, Grader
from quizapp.grading.verdict import Outcome
from quizapp.grading.verdict_json import verdict_as_json
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.usage import process_tree
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.jail.readable_paths import PACKAGE
from quizapp.sandbox.protocol import Limits
from quizapp.text.printable import json_text
from quizapp.text.verdict_lines import verdict_lines

ANSWERS = Path(__file__).parent / "answers"
SECRET = "the secret of the learner"
RIGHT = "answer = x * 3.7 - 11"
SECONDS = 10.0
MEMORY = 256 << 20
SETTLE_SECONDS = 10.0
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Attack:
    """A hostile answer: one file in `answers/`."""

    name: str
    outcomes: frozenset[str]
    code: str
    seconds: float
    confined_only: bool
    """Must not be run without a jail, because it would succeed."""


def all_attacks() -> list[Attack]:
    """Return every attack, sorted by name."""
    return [_read_attack(path) for path in sorted(ANSWERS.glob("*.py"))]


def _read_attack(path: Path) -> Attack:
    code = path.read_text(encoding="utf-8")
    seconds = re.search(r"^# seconds: (.+)$", code, re.M)
    outcomes = path.stem.partition("__")[0].split("_or_")
    assert set(outcomes) <= set(Outcome) - {Outcome.PASSED}, path
    limit = float(seconds[1]) if seconds else SECONDS
    return Attack(path.stem, frozenset(outcomes), code, limit, "# confined only" in code)


def become_subreaper() -> None:
    """Make processes that an answer leaves behind children of this process, so that they are found."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


@dataclass
class Targets:
    """Things to attack: files with canaries, sockets that must not be reached, and this process."""

    home: Path
    temporary: Path
    tcp: socket.socket
    udp: socket.socket
    named: socket.socket
    abstract: socket.socket
    open_file: IO[bytes]
    """A file of the home folder that this process has open."""

    signals: list[int] = field(default_factory=list)

    def given(self) -> str:
        """Return the `given` code that binds the targets' names for an answer."""
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
            "HELD": self.open_file.fileno(),
            "SHIPPED": str(PACKAGE / "shipped"),
        }
        assignments = [f"{name} = {value!r}" for name, value in names.items()]
        return "\n".join(["x = torch.arange(6.0).reshape(2, 3)", *assignments])

    def state(self) -> dict[str, object]:
        """Return everything about the files and this process that no answer may change."""
        state: dict[str, object] = {
            "priority": os.getpriority(os.PRIO_PROCESS, 0),
            "processors": sorted(os.sched_getaffinity(0)),
            "scheduling": os.sched_getscheduler(0),
            "open files": resource.getrlimit(resource.RLIMIT_NOFILE),
        }
        for folder in (self.home, self.temporary):
            for path in sorted([folder, *folder.iterdir()]):
                stat = path.lstat()
                state[str(path)] = (stat.st_mode, stat.st_uid, stat.st_size, stat.st_mtime_ns, _attributes(path))
        return state

    def reached_sockets(self) -> list[str]:
        """Return the sockets that something has connected or sent to."""
        links = {"tcp": self.tcp, "udp": self.udp, "socket file": self.named, "abstract socket": self.abstract}
        return [name for name, link in links.items() if select.select([link], [], [], 0)[0]]


def _attributes(path: Path) -> tuple[str, ...]:
    with contextlib.suppress(OSError):
        return tuple(os.listxattr(path, follow_symlinks=False))
    return ()


@contextlib.contextmanager
def open_targets() -> Iterator[Targets]:
    """Make canaries that everybody may change, in the real home and the temporary folder, and open the sockets."""
    with contextlib.ExitStack() as stack:
        folders = [
            Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".ptquiz-attack-", dir=parent)))
            for parent in (Path.home(), tempfile.gettempdir())
        ]
        for folder in folders:
            folder.chmod(0o777)
            for name in ("canary", "spare"):
                (folder / name).write_text(SECRET)
                (folder / name).chmod(0o666)
        (folders[0] / "deck.yaml").write_text(f"deck: attacks\ncards:\n- solution: {RIGHT}  # {SECRET}\n")
        with contextlib.closing(sqlite3.connect(folders[0] / "reviews.db")) as store:
            store.executescript(f"create table secrets (text); insert into secrets values ('{SECRET}')")
        open_file = stack.enter_context((folders[0] / "canary").open("rb"))
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        named, abstract = (stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        named.bind(str(folders[1] / "socket"))
        abstract.bind(f"\0attack-{os.getpid()}")
        for link in (named, abstract):
            link.listen()
        targets = Targets(folders[0], folders[1], tcp, udp, named, abstract, open_file)

        def record(number: int, frame: FrameType | None) -> None:
            targets.signals.append(number)

        if threading.current_thread() is threading.main_thread():
            previous = signal.signal(signal.SIGUSR1, record)
            stack.callback(signal.signal, signal.SIGUSR1, previous)
        yield targets


@dataclass(frozen=True, slots=True)
class AttackResult:
    """The outcome of an attack, and its breaches."""

    outcome: str
    breaches: tuple[str, ...]


def run_attack(
    sandbox: Sandbox,
    attack: Attack,
    targets: Targets,
    *,
    is_jailed: bool = True,
    device: Literal["cpu", "cuda"] = "cpu",
) -> AttackResult:
    """Grade one attack, in a run for `device`, then check everything that it must not have done.

    Without a jail it runs only once, because it may have limited this process; the search for an explanation would
    run it again with changes.
    """
    grader = Grader(sandbox, trust=True)
    limits = Limits(seconds=attack.seconds, memory=MEMORY, scratch=8 << 20, processes=32)
    card = Card(
        "attacks",
        "x",
        "?",
        (Check("answer", device=device),),
        preamble="import torch",
        given=targets.given(),
        solution=RIGHT,
        limits=limits,
    )
    state = targets.state()
    folders = _folders() - sandbox.folders()
    known = set(process_tree(os.getpid())) - sandbox.processes()
    verdict = grader.grade(card, attack.code, explain=is_jailed)
    breaches = [f"outcome {verdict.outcome}: {verdict.detail or verdict.error}"] * (
        verdict.outcome not in attack.outcomes
    )
    breaches += [f"score {verdict.score}"] * (verdict.score > 0)
    text = "\n".join([verdict.stdout, verdict.stderr, str(verdict.error)])
    breaches += [f"read a secret: {secret}" for secret in (SECRET, RIGHT) if secret in text]
    if not all(character in "\n\t" or character.isprintable() for line in verdict_lines(verdict) for character in line):
        breaches.append("printed control characters")
    if not json_text(verdict_as_json(verdict)).isprintable():
        breaches.append("printed control characters in JSON")
    breaches += [f"reached {name}" for name in targets.reached_sockets()]
    breaches += [f"changed {key}" for key in _changes(state, targets.state())]
    breaches += ["signalled the app"] * bool(targets.signals)
    next_verdict = grader.grade(replace(card, limits=replace(limits, seconds=SECONDS)), RIGHT)
    if next_verdict.outcome is not Outcome.PASSED:
        breaches.append(f"the next answer is {next_verdict.outcome}: {next_verdict.detail or next_verdict.error}")
    breaches += _left_behind(sandbox, known, folders)
    return AttackResult(str(verdict.outcome), tuple(breaches))


def _changes(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return [key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]


def _folders() -> set[str]:
    """Return the scratch folders of all sandboxes of this process."""
    return {str(path) for path in Path(tempfile.gettempdir()).glob(f"ptquiz-{os.getpid()}-*/run-*")}


def _left_behind(sandbox: Sandbox, known: set[int], folders: set[str]) -> list[str]:
    """Return a message about processes and folders that remain SETTLE_SECONDS later."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        _reap()
        left = set(process_tree(os.getpid())) - sandbox.processes() - known
        remains = sorted(_folders() - sandbox.folders() - folders)
        if not left and not remains:
            return []
        threading.Event().wait(0.02)
    return [f"left behind {[_command(pid) for pid in left]}, {remains}"]


def _reap() -> None:
    """Collect the exit status of orphans that have ended."""
    for pid in process_tree(os.getpid())[1:]:
        with contextlib.suppress(OSError, ValueError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            if fields[0] == "Z" and int(fields[1]) == os.getpid():
                os.waitpid(pid, os.WNOHANG)


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return f"{pid} {Path(f'/proc/{pid}/cmdline').read_bytes()[:40]!r}"
    return str(pid)


def run_all(layers: Layers, names: Sequence[str] = ()) -> dict[str, dict[str, object]]:
    """Run the attacks on a sandbox with these layers, without those that need a jail if there is none."""
    is_jailed = layers.seccomp
    results: dict[str, dict[str, object]] = {}
    become_subreaper()
    with Sandbox(judge=JUDGE, layers=layers) as sandbox:
        sandbox.wait()
        for attack in all_attacks():
            if (names and attack.name not in names) or (attack.confined_only and not is_jailed):
                continue
            began = time.monotonic()
            with open_targets() as targets:
                result = run_attack(sandbox, attack, targets, is_jailed=is_jailed)
            seconds = round(time.monotonic() - began, 2)
            results[attack.name] = {"outcome": result.outcome, "breaches": result.breaches, "seconds": seconds}
    return results


if __name__ == "__main__":
    wanted = Layers(**json.loads(sys.argv[1]))
    print(json.dumps(run_all(wanted, sys.argv[2:])))

"""Grade thousands of mixed answers, one in five hostile: nothing may leak, and every verdict must be right.

python -m benchmarks.soak [ANSWERS]
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.usage import memory_use, process_tree
from quizapp.sandbox.protocol import Limits

LIMITS = Limits(seconds=10.0, memory=256 << 20, scratch=8 << 20, processes=32)
CARD = Card(
    "soak",
    "times",
    "?",
    (Check("answer"),),
    preamble="import torch",
    given="x = torch.arange(6.0)",
    solution="answer = x * 3.7",
    limits=LIMITS,
)
FRIENDLY = {"answer = x * 3.7": "passed", "answer = x": "wrong", "answer = 3.7 * x": "passed", "1 / 0": "error"}
HOSTILE = {
    "import os\nos._exit(0)": {"crashed"},
    "import os\nos.write(3, b'\\xff' * 5000)": {"crashed"},
    "import os\nif os.fork() == 0:\n    os.setsid()\n    while True: pass\nanswer = x": {"wrong", "blocked"},
    "blocks = []\nwhile True: blocks.append(torch.ones(4 << 20))": {"memory"},
    "while True: print('x' * 1000)": {"output"},
    "open(tmp + '/f', 'wb').write(bytes(4 << 20))\nanswer = x": {"wrong"},
    "import os\nos.abort()": {"crashed"},
    "print(open('/etc/passwd').read())": {"error", "blocked"},
}
EVERY = 5
SAMPLE_AFTER = 50
"""Answers after which caches are full, so that growth means a leak."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Resources that could leak."""

    processes: int
    descriptors: int
    folders: int
    memory: int
    """Bytes of the app and of the zygote."""


def usage(sandbox: Sandbox) -> Usage:
    """Measure, once the processes of earlier answers have ended or after ten seconds."""
    waiting = sandbox.processes()
    deadline = time.monotonic() + 10
    while set(process_tree(os.getpid())) - waiting - {os.getpid()} and time.monotonic() < deadline:
        time.sleep(0.05)
        waiting = sandbox.processes()
    processes = len(set(process_tree(os.getpid())) - waiting - {os.getpid()})
    folders = len(list(Path(os.environ.get("TMPDIR", "/tmp")).glob(f"ptquiz-{os.getpid()}-*/run-*")))
    source = sandbox._workers.pool._source
    assert source is not None
    memory = sum(memory_use(pid).memory for pid in {os.getpid(), *source.processes()})
    return Usage(processes, len(list(Path("/proc/self/fd").iterdir())), folders, memory)


def answers(count: int) -> Iterator[tuple[str, set[str]]]:
    """Yield answers, each with the outcomes that are right for it."""
    friendly, hostile = list(FRIENDLY.items()), list(HOSTILE.items())
    for number in range(count):
        if number % EVERY:
            code, outcome = friendly[number % len(friendly)]
            yield code, {outcome}
        else:
            yield hostile[number // EVERY % len(hostile)]


def soak(sandbox: Sandbox, count: int) -> tuple[Counter[str], list[str]]:
    """Return the count of each outcome, and a line for each wrong verdict and each leak."""
    grader, outcomes, wrong = Grader(sandbox), Counter[str](), []
    first: Usage | None = None
    for number, (code, expected) in enumerate(answers(count)):
        outcome = str(grader.grade(CARD, code).outcome)
        outcomes[outcome] += 1
        if outcome not in expected:
            wrong.append(f"answer {number} is {outcome} and not {expected}: {code!r}")
        if number == SAMPLE_AFTER:
            first = usage(sandbox)
    last = usage(sandbox)
    if first is not None:
        wrong += [f"{name}: {was} -> {now}" for name, was, now, most in _growth(first, last) if now > most]
    return outcomes, wrong


def _growth(first: Usage, last: Usage) -> list[tuple[str, int, int, int]]:
    return [
        ("processes", first.processes, last.processes, first.processes),
        ("descriptors", first.descriptors, last.descriptors, first.descriptors + 10),
        ("folders", first.folders, last.folders, 6),
        ("memory", first.memory, last.memory, first.memory + (24 << 20)),
    ]


def main(count: int) -> int:
    start = time.monotonic()
    with Sandbox(judge=JUDGE) as sandbox:
        tier = sandbox.wait().tier
        outcomes, wrong = soak(sandbox, count)
    seconds = time.monotonic() - start
    print(
        f"{count} answers in {seconds:.0f} s at tier {tier}: "
        + ", ".join(f"{n} {what}" for what, n in outcomes.items())
    )
    print("\n".join(wrong) or "every verdict right; no process, descriptor, folder or memory left behind")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000))

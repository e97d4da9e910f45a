"""Grade each operator against itself in fresh workers, on an idle and on a loaded machine: 0 must be rejected.

python benchmarks/reproducible.py [--gradings 20] [--busy 8] [--sizes 1,100,4096,40000,1000000]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Limits
from tests.sandbox.worker.operators import OPERATORS, SETUP

BUSY = [sys.executable, "-c", "while True: pass"]


def card(expression: str, size: int) -> Card:
    return Card(
        "reproducible",
        "operator",
        "?",
        (Check("answer"),),
        given=SETUP.format(size=size),
        solution=f"answer = {expression}",
        limits=Limits(seconds=60.0),
        trusted=True,
    )


def rejected(sandbox: Sandbox, expression: str, size: int, gradings: int) -> int:
    """Return how many gradings of the solution fail; each runs the reference again, too."""
    subject = card(expression, size)

    def passes(_: int) -> bool:
        return Grader(sandbox).grade(subject, subject.solution).passed

    with ThreadPoolExecutor(2) as several:
        return sum(not passed for passed in several.map(passes, range(gradings)))


def measure(sizes: list[int], gradings: int) -> int:
    total = 0
    with Sandbox(judge=JUDGE) as sandbox:
        sandbox.wait(None)
        for size in sizes:
            start, counts = time.perf_counter(), {}
            for expression in OPERATORS:
                if count := rejected(sandbox, expression, size, gradings):
                    counts[expression] = count
            total += sum(counts.values())
            runs = len(OPERATORS) * gradings
            print(
                f"{size:>9,} elements: {sum(counts.values())} of {runs:,} rejected, {time.perf_counter() - start:.0f} s"
            )
            for expression, count in counts.items():
                print(f"           {count:>3} of {gradings}  {expression}")
    return total


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--gradings", type=int, default=20)
    arguments.add_argument("--busy", type=int, default=8, help="busy processes of the loaded machine")
    arguments.add_argument("--sizes", default="1,100,4096,40000,1000000")
    options = arguments.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    print(f"{len(OPERATORS)} operators, {options.gradings} gradings each\nidle")
    total = measure(sizes, options.gradings)
    print(f"with {options.busy} busy processes")
    with ExitStack() as stack:
        for _ in range(options.busy):
            busy = subprocess.Popen(BUSY)
            stack.callback(busy.wait)
            stack.callback(busy.kill)
        total += measure(sizes, options.gradings)
    print(f"rejected: {total} (at most 0)")


if __name__ == "__main__":
    main()

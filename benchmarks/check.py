"""Prove every shipped deck: the cost of one run beside a bare fork of a process that has imported torch.

    python benchmarks/check.py [--jobs 2] [--mutants] [DECK ...]

The reference, `accept`, the starter and `wrong` of every card are run and judged, without cached proofs. Bare
forks are timed before, after and between the decks, while nothing else runs.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from timing import BareFork, table

from quizapp.audit.deck_check import check_paths
from quizapp.audit.prove import Depth
from quizapp.decks.library import shipped
from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox

AT_MOST = 1.6
FORKS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--mutants", action="store_true", help="run machine-made mistakes too")
    parser.add_argument("decks", nargs="*", type=Path)
    options = parser.parse_args()
    decks = options.decks or sorted(shipped().glob("*.yaml"))
    fork = BareFork()
    forks = [fork() for _ in range(FORKS)]
    runs, cards, seconds, per_run = 0, 0, 0.0, []
    with Sandbox(judge=JUDGE) as sandbox:
        grader = Grader(sandbox, trust=True)
        sandbox.wait()
        for deck in decks:
            start = time.perf_counter()
            report = check_paths([deck], grader, depth=Depth(options.mutants, 0), jobs=options.jobs)
            elapsed = time.perf_counter() - start
            runs, cards, seconds = runs + report.runs, cards + len(report.cards), seconds + elapsed
            if report.runs:
                per_run.append(elapsed / report.runs * 1000)
            forks += [fork() for _ in range(5)]
    fork.close()
    print(f"{cards} cards, {runs} runs in {seconds:.1f} s, {options.jobs} at a time\n")
    print(table({"bare fork": forks, "a run, by deck": per_run}))
    mean = seconds / runs * 1000
    print(f"\na run: {mean:.2f} ms, {mean / statistics.median(forks):.2f} times a bare fork (at most {AT_MOST})")


if __name__ == "__main__":
    main()

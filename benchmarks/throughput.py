"""Answers per second on all cores: ptquiz beside fresh processes and a pool of one-task processes.

    python benchmarks/throughput.py [--answers 500]

The pool forks a new process for each answer from one that has imported torch, and confines nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from timing import fresh_process

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox

GIVEN = "import torch\nx = torch.arange(6.).reshape(2, 3)\n"
ANSWER = "answer = torch.cat((x, x), dim=0)\n"
CARD = Card("bench", "cat", "Join x to itself.", (Check("answer"),), given=GIVEN, solution=ANSWER, trusted=True)
CORES = len(os.sched_getaffinity(0))


def one_task(code: str) -> bool:
    """Run the code in a process of the pool and compare its result."""
    import torch

    namespace: dict[str, Any] = {}
    exec(code, namespace)
    return torch.equal(namespace["answer"], torch.cat((namespace["x"], namespace["x"])))


def pool(answers: int) -> None:
    """Print the wall time of `answers` answers in a pool of one-task processes."""
    import torch

    torch.set_num_threads(1)
    context = multiprocessing.get_context("fork")
    with context.Pool(CORES, maxtasksperchild=1) as workers:
        start = time.perf_counter()
        assert all(workers.imap_unordered(one_task, [GIVEN + ANSWER] * answers, chunksize=1))
        print(time.perf_counter() - start)


def pool_seconds(answers: int) -> float:
    """Return the time of `pool` in a new process: this one must not import torch."""
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import throughput; throughput.pool({answers})"
    )
    process = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(process.stdout)


def seconds(answers: int, action: Callable[[], object]) -> float:
    """Return the wall time of `answers` calls on all cores."""
    start = time.perf_counter()
    with ThreadPoolExecutor(CORES) as threads:
        for future in [threads.submit(action) for _ in range(answers)]:
            future.result()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=500)
    answers = parser.parse_args().answers
    starts = 10 * CORES
    rates = {"fresh processes": starts / seconds(starts, lambda: fresh_process(GIVEN + ANSWER))}
    rates["pool of one-task processes"] = answers / pool_seconds(answers)
    with Sandbox(judge=JUDGE) as sandbox:
        grader = Grader(sandbox)
        tier = sandbox.wait(None).tier
        seconds(20, lambda: grader.grade(CARD, ANSWER))
        rates[f"ptquiz, run and judged, {tier}"] = answers / seconds(answers, lambda: grader.grade(CARD, ANSWER))
    for name, rate in rates.items():
        print(f"{name:<32}{rate:>10.1f} answers a second on {CORES} cores")
    fresh, pooled, ours = rates.values()
    print(f"\nptquiz / fresh processes  {ours / fresh:7.1f}\nptquiz / pool             {ours / pooled:7.2f}")


if __name__ == "__main__":
    main()

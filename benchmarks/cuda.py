"""Time from answer to verdict with `device: cuda`, beside the same card on the CPU.

    python benchmarks/cuda.py [--answers 20] [--paced 5] [--pause 3.0]

In a burst an answer may have to wait until CUDA has started in its worker; after a pause, a spare worker is ready.
Without a CUDA device it prints why there is none, and measures nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from timing import milliseconds, ratio, table

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox

ANSWER = "y = 2 * x.to(device)"
CARDS = {
    name: Card(
        "bench",
        name,
        "?",
        (check,),
        preamble="import torch",
        given="x = torch.arange(6.)",
        solution=ANSWER,
        trusted=True,
    )
    for name, check in (("CPU", Check("y")), ("CUDA", Check("y", device="cuda")))
}


def measure(grader: Grader, answers: int, paced: int, pause: float) -> dict[str, list[float]]:
    """Return the milliseconds of each verdict, by device and pace."""
    rows: dict[str, list[float]] = {}
    for name, card in CARDS.items():

        def answer(card: Card = card) -> None:
            verdict = grader.grade(card, ANSWER)
            assert verdict.passed, verdict

        answer()
        rows[f"{name}, burst"] = [milliseconds(answer) for _ in range(answers)]
        samples = rows[f"{name}, after a pause"] = []
        for _ in range(paced):
            time.sleep(pause)
            samples.append(milliseconds(answer))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=20)
    parser.add_argument("--paced", type=int, default=5)
    parser.add_argument("--pause", type=float, default=3.0)
    options = parser.parse_args()
    with Sandbox(judge=JUDGE) as sandbox:
        machine = sandbox.wait(None)
        if machine.cuda is None:
            print(f"no CUDA device: {machine.cuda_problem or 'this machine has no driver'}")
            return
        rows = measure(Grader(sandbox), options.answers, options.paced, options.pause)
    print(f"{machine.cuda}, torch {machine.torch}, sandbox: {machine.tier}\n{table(rows)}\n")
    for pace in ("burst", "after a pause"):
        print(f"CUDA / CPU, {pace:<14}{ratio(rows[f'CUDA, {pace}'], rows[f'CPU, {pace}']):6.2f}")


if __name__ == "__main__":
    main()

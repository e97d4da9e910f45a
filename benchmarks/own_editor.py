"""Time from a save in the learner's editor to the printed verdict, in a warm sandbox.

    python benchmarks/own_editor.py [--saves 100] [--pause 0.3]

`ptquiz try --watch` runs in a pseudo-terminal. Each save contains another right answer; the time ends when the terminal
receives the verdict. The target is a median of 100 ms. The run alone is measured too, between the saves.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from timing import milliseconds, table

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox
from tests.tui.terminal import DECK, terminal

TARGET = 100.0
ANSWER = "answer = torch.cat((x, x), dim=0)"
GIVEN = "x = torch.ones(2, 2)"
CARD = Card(
    "joining", "run", "", (Check("answer"),), preamble="import torch", given=GIVEN, solution=ANSWER, trusted=True
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=100)
    parser.add_argument("--pause", type=float, default=0.3)
    options = parser.parse_args()
    rows: dict[str, list[float]] = {"save to verdict": [], "run alone": []}
    with tempfile.TemporaryDirectory() as folder, Sandbox(judge=JUDGE) as sandbox:
        deck, path, home = Path(folder, "joining.yaml"), Path(folder, "answer.py"), Path(folder, "home")
        deck.write_text(DECK, encoding="utf-8")
        path.write_text(ANSWER, encoding="utf-8")
        grader = Grader(sandbox)
        with terminal(home, "--decks", str(deck), "--trust", "try", "--watch", "joining/cat-rows", str(path)) as child:
            child.expect_exact("by the reference")
            for number in range(options.saves):
                time.sleep(options.pause)
                started = time.perf_counter()
                path.write_text(f"{ANSWER}  # {number}", encoding="utf-8")
                child.expect_exact("✓ passed")
                rows["save to verdict"].append((time.perf_counter() - started) * 1000)
                child.expect_exact("by the reference")
                rows["run alone"].append(milliseconds(lambda: grader.grade(CARD, ANSWER)))
    print(table(rows))
    print(f"target: a median of {TARGET:.0f} ms from save to verdict")


if __name__ == "__main__":
    main()

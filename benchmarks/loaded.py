"""Grade the solution of every shipped card beside busy processes: all must pass, and none may end as `internal`.

python benchmarks/loaded.py [--busy 8] [DECK.yaml ...]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from quizapp.decks.card import Card, CardKind
from quizapp.decks.library import mark_trusted
from quizapp.decks.reader import read_decks
from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox

BUSY = [sys.executable, "-c", "while True: pass"]
DECKS = Path(__file__).parents[1] / "decks"


def answers(card: Card) -> list[str]:
    """Return right answers: the solution, or what the deck accepts as a prediction."""
    return [card.solution] if card.kind in (CardKind.CODE, CardKind.ORDER) else list(card.accept[:1])


def measure(cards: list[Card]) -> int:
    outcomes: Counter[str] = Counter()
    with Sandbox(judge=JUDGE) as sandbox:
        grader = Grader(sandbox)
        sandbox.wait(None)
        for card in cards:
            for answer in answers(card):
                verdict = grader.grade(card, answer)
                outcomes[verdict.outcome] += 1
                if not verdict.passed:
                    print(f"{card.name}: {verdict.outcome} {verdict.detail or verdict.notes}", flush=True)
    print(dict(outcomes))
    return sum(outcomes.values()) - outcomes["passed"] - outcomes["deferred"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("decks", nargs="*", type=Path, default=[DECKS])
    parser.add_argument("--busy", type=int, default=4 * (os.cpu_count() or 1))
    options = parser.parse_args()
    decks, _ = read_decks(options.decks)
    cards = [card for deck in map(mark_trusted, decks) for card in deck]
    start = time.perf_counter()
    with ExitStack() as stack:
        for _ in range(options.busy):
            process = stack.enter_context(subprocess.Popen(BUSY))
            stack.callback(process.kill)
        failed = measure(cards)
    seconds = time.perf_counter() - start
    print(f"{failed} of {len(cards)} cards rejected beside {options.busy} busy processes, {seconds:.0f} s")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()

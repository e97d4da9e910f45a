"""Time that explanations add to a verdict.

    python benchmarks/explanations.py [--repeats 100] [--pairs 60]

The first rows are an answer that passes, one with a wrong value, and one that raises an exception inside a function.
The others are wrong answers of `tests/grading/mistakes`, evenly spread: without and with the search for a change that
proves the mistake, the latter for the first time and again, when the changes of the reference are in the cache.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from timing import milliseconds, ratio, table

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.grading.mistakes.pairs import all_cards, all_pairs

RIGHT = "def centred(x):\n    return x - x.mean(1, keepdim=True)"
WRONG = "def centred(x):\n    return x - x.mean(0, keepdim=True)"
RAISES = "def centred(x):\n    means = x.mean(1)\n    return x - means"
CALL = "centred(torch.tensor([[1., 3., 8.], [0., 0., 3.]]))"
CARD = Card("bench", "centred", "Centre.", (Check(CALL),), preamble="import torch", solution=RIGHT, trusted=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=60)
    options = parser.parse_args()
    names = (
        "passes",
        "a wrong value",
        "exception inside a function",
        "wrong, values only",
        "wrong, explained",
        "the same again",
    )
    rows: dict[str, list[float]] = {name: [] for name in names}
    with Sandbox(judge=JUDGE) as sandbox:
        grader = Grader(sandbox, trust=True)
        for _ in range(10 + options.repeats):
            rows["passes"].append(milliseconds(lambda: grader.grade(CARD, RIGHT)))
            rows["a wrong value"].append(milliseconds(lambda: grader.grade(CARD, WRONG, explain=False)))
            rows["exception inside a function"].append(milliseconds(lambda: grader.grade(CARD, RAISES)))
        for samples in rows.values():
            del samples[:10]
        cards, pairs = all_cards(), all_pairs()
        for pair in pairs[:: max(len(pairs) // options.pairs, 1)]:
            card = cards[pair.card]
            grader.grade(card, card.reference)
            explained = partial(grader.grade, card, pair.answer)
            rows["wrong, values only"].append(milliseconds(partial(explained, explain=False)))
            rows["wrong, explained"].append(milliseconds(explained))
            rows["the same again"].append(milliseconds(explained))
    print(table(rows))
    raised = rows["exception inside a function"]
    print(f"\nexception / wrong value: {ratio(raised, rows['a wrong value']):.2f}")
    print(f"exception / passes: {ratio(raised, rows['passes']):.2f}")


if __name__ == "__main__":
    main()

"""Cost of the counters: a training loop under rules and budgets, as a multiple of the same loop without.

python benchmarks/counting.py [--runs 7]. Rules on names must cost at most 1.3.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from quizapp.decks.card import Budget, Cap, Card, Check
from quizapp.grading.answer_rules.budget import answer_caps
from quizapp.grading.grader import JUDGE
from quizapp.grading.runs import build_run
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending, Limits

LOOP = """
opt = torch.optim.Adam(model.parameters(), lr=0.1)
for _ in range(1000):
    opt.zero_grad()
    loss = F.mse_loss(model(X), y)
    loss.backward()
    opt.step()
"""
CARD = Card(
    "counting",
    "loop",
    "?",
    (Check("loss.item() < 1"),),
    preamble="import torch\nimport torch.nn as nn\nimport torch.nn.functional as F",
    given="X = torch.rand(100, 1)\ny = 2 * X + 3\nmodel = nn.Linear(1, 1)",
    limits=Limits(seconds=60),
)
VARIANTS = {
    "no rule": CARD,
    "require .backward": replace(CARD, require=(".backward",)),
    "forbid torch.softmax": replace(CARD, forbid=("torch.softmax",)),
    "forbid torch.nn.Conv2d": replace(CARD, forbid=("torch.nn.Conv2d",)),
    "forbid aten::bmm": replace(CARD, forbid=("aten::bmm",)),
    "forbid products": replace(CARD, forbid=("products",)),
    "allow torch.relu": replace(CARD, allow=("torch.relu",)),
    "budget, passed early": replace(CARD, budget=Budget(operators=Cap(100))),
    "budget, never passed": replace(CARD, budget=Budget(operators=Cap(1e9))),
}
RULES = {"require .backward", "forbid torch.softmax", "forbid torch.nn.Conv2d", "forbid aten::bmm"}
MOST = 1.3


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    seconds: dict[str, list[float]] = {name: [] for name in VARIANTS}
    with Sandbox(judge=JUDGE) as sandbox:
        sandbox.wait(None)
        for _ in range(runs):
            # In turns, so that a change of the machine's speed affects all variants.
            for name, card in VARIANTS.items():
                report = sandbox.submit(build_run(card, LOOP, usage=answer_caps(card, None)))
                assert report.ending is Ending.FINISHED, report
                seconds[name].append(report.seconds)
    base = min(seconds["no rule"])
    for name, values in seconds.items():
        print(f"{name:24} {min(values):.3f} s  {min(values) / base:.2f}")
    sys.exit(any(min(seconds[name]) > MOST * base for name in RULES))


if __name__ == "__main__":
    main()

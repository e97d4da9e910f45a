"""The search for a change that proves a mistake, in a real sandbox."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader
from quizapp.grading.mistake import Mistake
from quizapp.grading.verdict import Outcome
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Report, Run

pytestmark = [pytest.mark.jail, pytest.mark.torch]

STEP = """
def step(model, opt, x, y):
    opt.zero_grad()
    F.mse_loss(model(x), y).backward()
    opt.step()
"""
TRAINED = """
model = fill(nn.Linear(3, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(8, 3), torch.randn(8, 1)
step(model, opt, x, y)
step(model, opt, x, y)
"""
PREAMBLE = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"
CARD = Card("d", "step", "?", (Check("model.weight", run=TRAINED),), preamble=PREAMBLE, solution=STEP, trusted=True)


def card(solution: str, *sees: str) -> Card:
    return replace(CARD, solution=solution, checks=tuple(map(Check, sees)))


def test_a_forgotten_call_in_a_training_step_is_proved_with_its_line(grader: Grader) -> None:
    verdict = grader.grade(CARD, "def step(net, o, x, y):\n    F.mse_loss(net(x), y).backward()\n    o.step()")
    assert verdict.mistake is Mistake.ACCUMULATED_GRADIENTS
    assert verdict.line == 2
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.startswith("Line 2: ")
    assert [check.finding.mistake for check in verdict.checks if check.finding] == [Mistake.ACCUMULATED_GRADIENTS]


def test_what_only_the_changed_reference_shows_has_no_line(grader: Grader) -> None:
    wanted = card("def f(x):\n    return (x - x.mean(0)) / x.std(0)", "f(torch.randn(5, 3))")
    verdict = grader.grade(wanted, "def f(x):\n    return torch.stack([c - c.sum() / len(c) for c in x.T], 1)")
    assert (verdict.mistake, verdict.line) == (Mistake.LEFT_OUT, None)
    assert verdict.diagnosis == "It is not divided: a division is missing."


def test_a_few_booleans_prove_nothing(grader: Grader) -> None:
    wanted = card("def is_small(n):\n    return n < 3", "is_small(2)", "is_small(3)", "is_small(4)")
    assert grader.grade(wanted, "def is_small(n):\n    return n % 2 == 1").diagnosis is None


def test_two_independent_mistakes_are_not_named(grader: Grader) -> None:
    wanted = card("def f(x):\n    return x.softmax(-1) @ x.T", "f(torch.randn(4, 3))")
    assert grader.grade(wanted, "def f(x):\n    return x.tanh().cumsum(0) @ x.sin().T").diagnosis is None


def test_a_changed_program_that_never_ends_does_not_stop_the_search(grader: Grader) -> None:
    solution = "def f(x):\n    n = 0\n    while n < 5:\n        n += 1\n    return x.cumsum(1) * n"
    verdict = grader.grade(card(solution, "f(torch.randn(3, 4))"), solution.replace("cumsum(1)", "cumsum(0)"))
    assert (verdict.mistake, verdict.line) == (Mistake.WRONG_DIMENSION, 5)


def test_an_exception_is_explained_without_a_search(sandbox: Sandbox) -> None:
    class Counting:
        runs = 0
        wait, judge, cancel = sandbox.wait, sandbox.judge, sandbox.cancel

        def submit(self, run: Run) -> Report:
            self.runs += 1
            return sandbox.submit(run)

    counting = Counting()
    verdict = Grader(counting).grade(CARD, "def step(model, opt, x, y):\n    return x @ y")
    assert verdict.error is not None
    assert counting.runs <= 4


def test_a_cancelled_search_ends_at_once(sandbox: Sandbox) -> None:
    class Cancelling:
        runs = 0
        wait, judge, cancel = sandbox.wait, sandbox.judge, sandbox.cancel
        cancelled = Event()

        def submit(self, run: Run) -> Report:
            self.runs += 1
            if self.runs == 4:
                grader.cancel()
            return sandbox.submit(run)

    cancelling = Cancelling()
    grader = Grader(cancelling)
    verdict = grader.grade(CARD, "def step(model, opt, x, y):\n    opt.zero_grad()")
    assert verdict.outcome in (Outcome.WRONG, Outcome.CRASHED)
    assert cancelling.runs < 24


@pytest.mark.parametrize("size", [50, 5000])
def test_a_long_answer_is_graded_without_a_long_search(grader: Grader, size: int) -> None:
    answer = "def step(model, opt, x, y):\n" + "".join(f"    a{n} = x + {n}\n" for n in range(size))
    assert grader.grade(CARD, answer).outcome is Outcome.WRONG

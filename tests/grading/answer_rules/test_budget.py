"""Budgets: each cap is scored as a check of its own, relative to the reference or absolute."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from quizapp.decks.card import Budget, Cap, Card, Check
from quizapp.grading.grader import Grader
from quizapp.grading.verdict import CheckState, Outcome

pytestmark = [pytest.mark.jail, pytest.mark.torch]

CARD = Card(
    "deck",
    "card",
    "?",
    (Check("total", points=3),),
    preamble="import torch",
    given="x = torch.arange(1000.)",
    solution="total = (x * x).sum()",
    budget=Budget(operators=Cap(2, is_relative=True), points=1),
    trusted=True,
)
LOOP = "total = torch.zeros(())\nfor i in range(1000):\n    total = total + x[i] ** 2"


def test_an_answer_within_the_budget_passes(grader: Grader) -> None:
    verdict = grader.grade(CARD, "total = x.square().sum()")
    assert (verdict.outcome, verdict.points, verdict.of) == (Outcome.PASSED, 4, 4)
    assert verdict.checks[1].check.see == "operators <= 4"


def test_an_answer_beyond_the_budget_loses_only_its_points(grader: Grader) -> None:
    card = replace(CARD, checks=(Check("total", points=3, rtol=1e-3),))
    verdict = grader.grade(card, LOOP)
    assert (verdict.outcome, verdict.points, verdict.of) == (Outcome.WRONG, 3, 4)
    finding = verdict.checks[1].finding
    assert finding is not None
    assert finding.summary == "more than 4 calls of torch operators; the reference needs 2"


@pytest.mark.parametrize(
    ("answer", "passes"),
    [
        ("total = (x * x).sum()", True),
        ("total = (x * 1 * x).sum()", True),
        ("total = (x[:, None] * x).diagonal().sum()", False),
    ],
)
def test_memory_can_be_limited(grader: Grader, answer: str, passes: bool) -> None:
    card = replace(CARD, budget=Budget(memory=Cap(10 << 10)))
    verdict = grader.grade(card, answer)
    assert verdict.passed is passes
    assert verdict.checks[1].check.see == "memory <= 10 KiB"


def test_a_run_that_raises_reaches_no_cap(grader: Grader) -> None:
    verdict = grader.grade(CARD, "total = x @ y")
    assert verdict.outcome is Outcome.ERROR
    assert [check.state for check in verdict.checks] == [CheckState.NOT_REACHED] * 2


def test_a_card_that_waits_for_a_gpu_stays_deferred(grader: Grader) -> None:
    if grader.sandbox.wait(None).cuda:
        pytest.skip("this machine has a GPU")
    card = replace(CARD, checks=(Check("total", device="cuda"),))
    verdict = grader.grade(card, CARD.solution)
    assert verdict.outcome is Outcome.DEFERRED
    assert [check.state for check in verdict.checks] == [CheckState.DEFERRED] * 2


@pytest.mark.parametrize(
    ("rules", "answer", "note"),
    [
        (
            {"forbid": ("torch.matmul",)},
            "total = x @ x",
            "`torch.matmul` is not allowed on this card, and line 1 uses `@`.",
        ),
        (
            {"forbid": ("torch.matmul",)},
            "total = getattr(x, 'mat' + 'mul')(x)",
            "The answer calls `torch.matmul`, which is not allowed on this card.",
        ),
        ({"forbid": ("loops",)}, LOOP, "A loop is not allowed on this card, and line 2 uses `for`."),
        (
            {"forbid": ("products",)},
            "total = x.dot(x)",
            "A matrix product is not allowed on this card, and line 1 uses `.dot`.",
        ),
        (
            {"allow": ("torch.sum",)},
            "total = x.square().sum()",
            "Of torch, only `torch.sum` may be used on this card, and line 1 uses `.square`.",
        ),
        (
            {"require": ("torch.matmul",)},
            "total = (x * x).sum()",
            "This card requires `torch.matmul`, and the answer does not use it.",
        ),
    ],
)
def test_a_broken_rule_is_reported(grader: Grader, rules: dict[str, Any], answer: str, note: str) -> None:
    card = replace(CARD, budget=None, solution="total = (x ** 2).sum()", checks=(Check("total", rtol=1e-3),), **rules)
    verdict = grader.grade(card, answer)
    assert (verdict.outcome, verdict.points, verdict.notes[0]) == (Outcome.WRONG, 0, note)


@pytest.mark.parametrize(
    ("rules", "answer"),
    [
        ({"forbid": ("torch.matmul",)}, "total = torch.einsum('i,i->', x, x)"),
        ({"require": ("torch.matmul",)}, "total = x @ x"),
        ({"require": ("loops",)}, LOOP),
        ({"allow": ("torch.sum", "torch.pow")}, "total = (x * x).sum()"),
        ({"allow": ("torch.sum", "torch.pow")}, "import torch as t\ntotal = t.sum(x.pow(2), dim=0)"),
    ],
)
def test_an_answer_that_obeys_the_rules_passes(grader: Grader, rules: dict[str, Any], answer: str) -> None:
    card = replace(CARD, budget=None, checks=(Check("total", rtol=1e-3),), **rules)
    assert grader.grade(card, answer).notes == ()
    assert grader.grade(card, answer).passed

"""`ptquiz check` proves cards for the device, and reports a card whose values differ between the devices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from quizapp.audit.deck_check import CheckReport, check_paths
from quizapp.audit.prove import Depth
from quizapp.grading.grader import Grader
from quizapp.sandbox.client import Sandbox
from tests.decks.making import deck_text, write

pytestmark = [pytest.mark.cuda, pytest.mark.jail]

CheckCard = Callable[[str], CheckReport]
MOVED = """
id: moved
question: Double `x` on the device.
given: x = torch.arange(3.0)
solution: y = x.to(device) * 2
accept: ["y = 2 * x.cuda()"]
wrong: ["y = x * 2", "y = x.to(device)"]
checks: [{see: y, device: cuda}]
"""
PREDICTED = """
id: predicted
kind: predict
question: On which device is the sum?
given: x = torch.ones(3, device=device)
checks: [{see: x.sum().device.type, device: cuda}]
accept: ["'cuda'"]
wrong: ["'cpu'"]
"""
BOTH = """
id: both
question: Double the numbers.
solution: y = SOURCE * 2
wrong: ["y = None"]
checks: [y]
"""
SEEDED = "torch.randn(4).to(device)"
DEVICE_DEPENDENT = "torch.randn(4, device=device)"


@pytest.fixture
def check_card(sandbox: Sandbox, tmp_path: Path) -> CheckCard:
    """Return a function that checks a deck with one card."""

    def write_and_check(card: str) -> CheckReport:
        text = deck_text(card).replace("cards:\n", "preamble: import torch\ncards:\n", 1)
        path = write(tmp_path / "decks", text, "d.yaml")
        return check_paths([path], Grader(sandbox, trust=True), depth=Depth(mutants=True, seeds=2))

    return write_and_check


@pytest.mark.parametrize("card", [MOVED, PREDICTED], ids=["code", "predict"])
def test_a_card_for_the_device_is_proved(card: str, check_card: CheckCard) -> None:
    report = check_card(card)
    assert (list(map(str, report.problems)), report.unproved, len(report.cards)) == ([], (), 1)
    assert report.runs > 2


def test_a_right_answer_under_wrong_is_found_on_the_device(check_card: CheckCard) -> None:
    report = check_card(MOVED.replace('y = x.to(device)"', 'y = x.to(device) + x.to(device)"'))
    assert [problem.kind for problem in report.problems] == ["wrong-passes"]


def test_a_solution_that_fails_on_the_device_is_found(check_card: CheckCard) -> None:
    report = check_card(MOVED.replace("x.to(device) * 2", "x.to(device) * torch.full((3,), 2.0)"))
    assert "reference-raises" in [problem.kind for problem in report.problems]


def test_a_card_whose_values_depend_on_the_device_gets_a_warning(check_card: CheckCard) -> None:
    found = [p for p in check_card(BOTH.replace("SOURCE", DEVICE_DEPENDENT)).problems if p.kind == "devices-differ"]
    assert [(problem.severity, "CPU and CUDA differ" in problem.message) for problem in found] == [("warning", True)]


def test_a_card_with_the_same_values_on_both_devices_gets_none(check_card: CheckCard) -> None:
    problems = check_card(BOTH.replace("SOURCE", SEEDED)).problems
    assert "devices-differ" not in [problem.kind for problem in problems]

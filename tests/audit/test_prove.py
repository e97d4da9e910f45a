"""The findings of the audit, each on the smallest card that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from quizapp.audit.batch_runner import BatchRunner
from quizapp.audit.deck_check import CheckReport
from quizapp.audit.proofs.reference_check import device_findings
from quizapp.decks.card import Card
from quizapp.decks.card import Check as CardCheck
from quizapp.grading.judge_protocol import Comparison, Finding
from quizapp.sandbox.protocol import Ending, Observation, Report, Run
from tests.audit.conftest import Check

GOOD = """
id: a
question: q
given: x = torch.arange(6.).reshape(2, 3)
starter: answer = ...
solution: answer = x.sum(dim=0)
accept: ['answer = torch.ones(2) @ x']
wrong:
  - {code: 'answer = x.sum(dim=1)', says: the other way}
  - answer = x.sum()
checks: [answer]
hints: [sum over a dimension]
"""


def kinds(report: CheckReport) -> list[str]:
    return [problem.kind for problem in report.problems]


def test_a_budget_that_a_wrong_answer_exceeds_is_clean(check: Check) -> None:
    slow = 'wrong:\n  - "answer = torch.stack([x[0, i] + x[1, i] for i in range(3)])"'
    report = check(GOOD.replace("wrong:", slow) + "budget: {operators: 8x}\n")
    assert report.problems == ()


def test_a_good_card_is_clean(check: Check) -> None:
    report = check(GOOD, mutants=True, seeds=3)
    assert report.problems == ()
    assert report.clean
    assert report.mutants["d"].killed == report.mutants["d"].made > 0


FAULTY_CARDS = {
    "a reference that raises": (
        "solution: |\n  a = 1\n  answer = x.sum(dim=7)\nchecks: [answer]",
        [("reference-raises", 9, "error")],
    ),
    "given code that raises": (
        "given: x = y\nsolution: answer = 1\nchecks: [answer]",
        [("reference-raises", 7, "error")],
    ),
    "a reference that takes too long": (
        "solution: |\n  while True: pass\nchecks: [x]\nlimits: {seconds: 0.2}",
        [("reference-timeout", 8, "error")],
    ),
    "a value that is not plain data": (
        "solution: answer = (i for i in 'ab')\nchecks: [answer]",
        [("not-plain", 8, "error")],
    ),
    "a check that raises without declaring it": (
        "solution: answer = 1\nwrong: [answer = None]\nchecks: [answer, answer.nope]",
        [("raises-unsaid", 9, "warning")],
    ),
    "a check that raises, so that no wrong answer fails it": (
        "given: x = 1\nsolution: answer = 1\nwrong: [answer = 2]\nchecks: [answer, x.nope]",
        [("raises-unsaid", 10, "error")],
    ),
    "a check that raises, so that wrong answers pass": (
        "starter: answer = 0\nsolution: answer = 1\nwrong: [answer = 2]\nchecks: [answer.nope]",
        [("raises-unsaid", 10, "error")],
    ),
    "a check with a misspelt name": (
        "starter: answer = 0\nsolution: answer = 1\nwrong: [answer = 2]\nchecks: [anwser, answer]",
        [("undefined-name", 10, "error")],
    ),
    "a misspelt name in the only check": (
        "solution: answer = 1\nwrong: [answer = 2]\nchecks: [anwser + 1]",
        [("undefined-name", 9, "error")],
    ),
    "a check that raises something else": (
        "solution: answer = 1\nchecks:\n  - {see: answer + 'a', raises: ValueError}",
        [("raises-not", 9, "error")],
    ),
    "a check that does not raise": (
        "solution: answer = 1\nchecks:\n  - {see: answer, raises: ValueError}",
        [("raises-not", 9, "error")],
    ),
    "a reference that violates its own card": (
        "solution: answer = sum([1])\nforbid: [sum]\nchecks: [answer]",
        [("reference-fails", 7, "error")],
    ),
    "a reference that literals contradict": (
        "solution: answer = 1\nchecks: [{see: answer, equals: 2}]",
        [("reference-fails", 7, "error")],
    ),
    "an accepted answer that fails": (
        "solution: answer = 1\naccept:\n  - answer = 1\n  - answer = 2\nchecks: [answer]",
        [("accept-fails", 10, "error")],
    ),
    "a wrong answer that passes": (
        "solution: answer = 2\nwrong:\n  - answer = 3\n  - answer = 1 + 1\nchecks: [answer]",
        [("wrong-passes", 10, "error")],
    ),
    "a starter that passes": (
        "starter: answer = 2\nsolution: answer = 2\nchecks: [answer]",
        [("starter-passes", 7, "error")],
    ),
    "a check that does not depend on the answer": (
        "given: x = 1\nsolution: answer = 2\nwrong: [answer = 3]\nchecks:\n  - answer\n  - x",
        [("idle-check", 12, "error")],
    ),
    "a budget that no wrong answer exceeds": (
        "given: x = torch.ones(9)\nsolution: answer = x + 1\nwrong: [answer = x]\n"
        "budget: {operators: 2x}\nchecks: [answer]",
        [("idle-check", 10, "error")],
    ),
    "a solution beyond its own budget": (
        "given: x = torch.ones(9)\nsolution: answer = x + 1 + 1\nbudget: {operators: 1}\nchecks: [answer]",
        [("reference-fails", 8, "error")],
    ),
    "an empty answer that passes": (
        "given: x = 1\nsolution: y = 2\nchecks: [x]",
        [("blank-passes", 9, "error"), ("idle-check", 9, "error")],
    ),
    "a hint with the solution": (
        "solution: answer = torch.ones(2)\nchecks: [answer]\nhints:\n  - look\n  - 'Write `torch.ones( 2 )`'",
        [("hint-tells", 11, "error")],
    ),
    "literals only": ("checks: [{see: answer, equals: 1}]", [("unproved", 7, "warning")]),
    "an equivalent that fails": (
        "solution: answer = 1\nequivalent: [{code: answer = 2, why: no reason}]\nchecks: [answer]",
        [("equivalent-fails", 8, "error")],
    ),
}


@pytest.mark.parametrize("name", FAULTY_CARDS)
def test_a_faulty_card_is_reported(name: str, check: Check) -> None:
    fields, expected = FAULTY_CARDS[name]
    report = check(f"id: a\nquestion: q\n{fields}")
    assert [(problem.kind, problem.line, problem.severity) for problem in report.problems] == expected
    assert all(problem.hint and problem.card == "d/a" for problem in report.problems)


def test_a_check_that_reads_raised_lets_the_reference_raise(check: Check) -> None:
    card = "id: a\nquestion: q\nsolution: raise KeyError\nwrong: [raise ValueError]\nchecks: [raised]"
    assert kinds(check(card)) == []


def test_a_check_that_declares_its_exception_is_clean(check: Check) -> None:
    checks = "checks: [{see: answer + 'a', raises: TypeError}]"
    assert kinds(check(f"id: a\nquestion: q\nsolution: answer = 1\nwrong: [answer = 'b']\n{checks}")) == []


def test_a_tolerance_that_accepts_zeros_or_the_starter_is_reported(check: Check) -> None:
    small = GOOD.replace("x = torch.arange(6.).reshape(2, 3)", "x = torch.full((2, 3), 1e-7)")
    zeros = small.replace("checks: [answer]", "checks: [answer, answer.shape]").replace(
        "- answer = x.sum()", "- answer = x"
    )
    messages = [problem.message for problem in check(zeros).problems if problem.kind == "loose-tolerance"]
    assert messages == ["the tolerance of `answer` accepts zeros"]
    starter = zeros.replace("starter: answer = ...", "starter: answer = x[0]").replace(
        "answer.shape]", "\"'x.sum' in source\"]"
    )
    starter = starter.replace("accept: ['answer = torch.ones(2) @ x']", "")
    messages = [problem.message for problem in check(starter).problems if problem.kind == "loose-tolerance"]
    assert "the tolerance of `answer` accepts the starter's value" in messages


def test_an_answer_is_tried_in_every_trial(check: Check) -> None:
    random_card = "id: a\nquestion: q\ngiven: n = int(torch.randint(2, ()))\nsolution: answer = n\nchecks: [answer]\n"
    wrong = "wrong: [answer = 0, answer = 1]\n"
    assert kinds(check(random_card + wrong + "trials: 8\n")) == []
    assert kinds(check(random_card + wrong)) == ["wrong-passes"]


def test_a_reference_that_differs_between_runs_fails(check: Check) -> None:
    card = "id: a\nquestion: q\ngiven: import time\nsolution: answer = time.monotonic_ns()\nchecks: [answer]"
    assert kinds(check(card)) == ["reference-fails"]


def test_an_accepted_answer_that_agrees_by_chance_is_flaky(check: Check) -> None:
    card = "id: a\nquestion: q\ngiven: n = int(torch.randint(2, ()))\nsolution: answer = n\nchecks: [answer]\n"
    found = [kinds(check(f"{card}accept: [answer = {guess}]", seeds=10)) for guess in (0, 1)]
    assert sorted(found) == [["accept-fails"], ["flaky"]]


PREDICT = "id: a\nkind: predict\nquestion: q\ngiven: x = torch.ones(2, 3)\nchecks: [x.shape]\n"


def test_predictions_are_read_as_typed(check: Check) -> None:
    assert kinds(check(PREDICT + "accept: ['(2, 3)', '[2, 3]']\nwrong: ['(3, 2)', '6', two]", seeds=3)) == []


def test_wrongly_declared_predictions_are_reported(check: Check) -> None:
    report = check(PREDICT + "accept: ['(3, 2)']\nwrong: ['torch.Size([2, 3])']")
    assert [(problem.kind, problem.line) for problem in report.problems] == [("accept-fails", 10), ("wrong-passes", 11)]


def test_a_wrong_prediction_that_cannot_be_read_is_a_warning(check: Check) -> None:
    report = check(PREDICT + "accept: ['(2, 3)']\nwrong: ['(3, 2']")
    assert [(p.kind, p.line, p.severity) for p in report.problems] == [("wrong-unreadable", 11, "warning")]


def test_a_prediction_that_differs_between_runs_is_flaky(check: Check) -> None:
    card = "id: a\nkind: predict\nquestion: q\ngiven: import time\nchecks: [time.monotonic_ns()]"
    assert "flaky" in kinds(check(card, seeds=3))


CHOICE = "id: a\nkind: choice\nquestion: q\nchoices: [{text: two, right: true}, one]\n"


@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        ("proof: assert torch.ones(2).sum() == 2", []),
        ("proof: |\n  x = 1\n  assert x == 2, 'no'", [("proof-fails", 11)]),
        ("", [("unproved", 8)]),
    ],
)
def test_a_choice_card_is_proved_by_its_proof(proof: str, expected: list[tuple[str, int]], check: Check) -> None:
    assert [(problem.kind, problem.line) for problem in check(CHOICE + proof).problems] == expected


ORDER = "id: a\nkind: order\nquestion: q\nsolution: |\n  a = 1\n  b = a + 1\ndistract: [b = 5]\nchecks: [b]\n"


def test_an_order_card_does_not_open_in_a_right_order(check: Check) -> None:
    assert kinds(check(ORDER)) == []
    assert "order-passes" in kinds(check(ORDER.replace("b = a + 1", "b = 2").replace("distract: [b = 5]\n", "")))


class TwoDevices:
    """A fake grader on a machine with a GPU, where the second check differs; records its requests."""

    def __init__(self) -> None:
        self.sandbox = self
        self.devices: list[str] = []
        self.comparisons: list[Comparison] = []

    def reference(self, run: Run, *, read_disk: bool = True) -> Report:
        return self.submit(run)

    def submit(self, run: Run) -> Report:
        self.devices.append(run.device)
        return Report(Ending.FINISHED, tuple(Observation(check.number, b"") for check in run.checks))

    def compare(self, comparisons: Sequence[Comparison]) -> list[Finding]:
        self.comparisons += comparisons
        return [Finding(number != 1, "values differ") for number, _ in enumerate(comparisons)]


@pytest.mark.parametrize(("given", "devices"), [("x = torch.ones(2, device=device)", ["cpu", "cuda"]), ("x = 1", [])])
def test_a_card_that_uses_device_is_compared_on_cpu_and_cuda(given: str, devices: list[str]) -> None:
    card = Card("d", "a", "?", (CardCheck("x"), CardCheck("x + 1")), given=given, solution="y = 1")
    grader: Any = TwoDevices()
    findings = device_findings(BatchRunner(card, grader, cuda=True))
    assert grader.devices == devices
    assert [(finding.kind, finding.field) for finding in findings] == (
        [("devices-differ", "checks[1].see")] if devices else []
    )
    assert all("device" in comparison.ignore for comparison in grader.comparisons)

"""A floating-point near miss is run again before an answer is called wrong, flaky or unseeded."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from quizapp.audit.deck_check import check_paths
from quizapp.audit.prove import Depth
from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Machine, Report, Run

CARD = Card(
    "deck",
    "card",
    "?",
    (Check("answer"),),
    preamble="import torch\n",
    given="x = torch.arange(1.0, 9.0)\n",
    solution="answer = x.sqrt()",
    trusted=True,
)
ANSWER = "answer = x ** 0.5"


class ImpreciseSandbox:
    """A sandbox whose `bad_runs` are slightly off, as with a race in a library; runs are counted by their code."""

    def __init__(self, sandbox: Sandbox, *bad_runs: tuple[str, int], by: float = 2e-4) -> None:
        self._sandbox, self._bad_runs, self._by = sandbox, bad_runs, by
        self.runs: Counter[str] = Counter()

    def wait(self, timeout: float | None = None) -> Machine:
        return self._sandbox.wait(timeout)

    def judge(self, request: bytes, seconds: float) -> bytes:
        return self._sandbox.judge(request, seconds)

    def cancel(self) -> None:
        self._sandbox.cancel()

    def submit(self, run: Run) -> Report:
        number, self.runs[run.code] = self.runs[run.code], self.runs[run.code] + 1
        if (run.code, number) in self._bad_runs:
            run = replace(run, code=f"{run.code}\nanswer = answer * (1 + {self._by})")
        return self._sandbox.submit(run)


@pytest.mark.parametrize("bad_run", [(ANSWER, 0), (CARD.solution, 0)], ids=["the answer", "the reference"])
def test_one_run_that_is_slightly_off_does_not_reject_a_right_answer(
    sandbox: Sandbox, bad_run: tuple[str, int]
) -> None:
    imprecise = ImpreciseSandbox(sandbox, bad_run)
    assert Grader(imprecise).grade(CARD, ANSWER).passed
    assert imprecise.runs[ANSWER] == 2


def test_a_right_answer_runs_once(sandbox: Sandbox) -> None:
    precise = ImpreciseSandbox(sandbox)
    assert Grader(precise).grade(CARD, ANSWER).passed
    assert precise.runs == {ANSWER: 1, CARD.solution: 1}


def test_an_answer_that_is_slightly_off_each_time_is_wrong(sandbox: Sandbox) -> None:
    verdict = Grader(sandbox).grade(CARD, "answer = x.sqrt() * 1.0002")
    assert not verdict.passed and not any("unseeded" in note for note in verdict.notes)


def test_an_answer_that_is_far_off_is_not_run_again_for_its_verdict(sandbox: Sandbox) -> None:
    code = "answer = x * 2"
    imprecise = ImpreciseSandbox(sandbox, (code, 0), by=1.0)
    assert not Grader(imprecise).grade(CARD, code).passed


def test_a_run_that_is_slightly_off_does_not_make_an_answer_unseeded(sandbox: Sandbox) -> None:
    code = "answer = x * 2"
    verdict = Grader(ImpreciseSandbox(sandbox, (code, 1))).grade(CARD, code)
    assert not verdict.passed and not any("unseeded" in note for note in verdict.notes)


DECK = """
format: 1
deck: roots
preamble: import torch
cards:
  - id: root
    question: Bind the square root of `x` to `answer`.
    given: x = torch.arange(1.0, 9.0)
    starter: answer = x
    solution: answer = x.sqrt()
    checks: [answer]
  - id: predict-root
    kind: predict
    question: What is `answer`?
    given: answer = torch.tensor(4.0).sqrt()
    checks: [answer]
    accept: ["2.0"]
    wrong: ["4.0"]
"""


@pytest.mark.parametrize("number", [1, 3, 5])
@pytest.mark.parametrize("code", ["answer = x.sqrt()", "answer = torch.tensor(4.0).sqrt()"], ids=["code", "predict"])
def test_a_run_that_is_slightly_off_makes_no_card_flaky(
    sandbox: Sandbox, code: str, number: int, tmp_path: Path
) -> None:
    path = tmp_path / "roots.yaml"
    path.write_text(DECK, encoding="utf-8")
    grader = Grader(ImpreciseSandbox(sandbox, (code, number)), trust=True)
    report = check_paths([path], grader, depth=Depth(mutants=False), jobs=1)
    assert [problem for problem in report.problems if problem.severity == "error"] == []

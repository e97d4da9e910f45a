"""The keys of mistakes: documented, and never chosen by untrusted code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.error_causes import mistake_of_error
from quizapp.grading.grader import Grader
from quizapp.grading.mistake import EXCEPTIONS, FORMER_KEYS, Mistake, present_key
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.sandbox.protocol import Raised

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "diagnosis.md"
HOSTILE = "E\x1b]0;t\x07"
CARD = Card("deck", "card", "?", (Check("answer"),), preamble="import torch", solution="answer = 1", trusted=True)


def test_every_key_has_one_row_in_the_documentation() -> None:
    keys = re.findall(r"^\| `([a-z-]+)` \| .+ \|$", DOCUMENTATION.read_text(encoding="utf-8"), re.MULTILINE)
    assert keys == list(Mistake)


@pytest.mark.parametrize(
    ("raised", "mistake"),
    [
        (Raised("ValueError", "mine", line=1), Mistake.VALUE_ERROR),
        (
            Raised("MyError", "mine", ("__main__.MyError", "builtins.KeyError", "builtins.LookupError")),
            Mistake.KEY_ERROR,
        ),
        (
            Raised("IndentationError", "", ("builtins.IndentationError", "builtins.SyntaxError")),
            Mistake.INDENTATION_ERROR,
        ),
        (Raised("UnboundLocalError", "", ("builtins.UnboundLocalError", "builtins.NameError"), 1), Mistake.NAME_ERROR),
        (Raised("NameError", "name 'f' is not defined"), Mistake.NOT_DEFINED),
        (Raised("NameError", "name 'f' is not defined", line=1), Mistake.NAME_ERROR),
        (Raised("RuntimeError", "grad can be implicitly created only for scalar outputs"), Mistake.NON_SCALAR_GRAD),
        (Raised(HOSTILE, HOSTILE, (HOSTILE,)), Mistake.EXCEPTION),
        (Raised("Mistake", "", ("__main__.transposed", "builtins.Exception")), Mistake.EXCEPTION),
    ],
    ids=str,
)
def test_an_error_has_the_key_of_its_cause_or_of_its_built_in_class(raised: Raised, mistake: Mistake) -> None:
    assert mistake_of_error(raised) is mistake


@pytest.mark.jail
@pytest.mark.torch
@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        ("answer = torch.nonsense", Mistake.ATTRIBUTE_ERROR),
        ("class MyError(Exception): pass\nraise MyError", Mistake.EXCEPTION),
        ("raise type('E\\x1b[2J', (ZeroDivisionError,), {})", Mistake.ZERO_DIVISION),
        ("answer = (", Mistake.SYNTAX_ERROR),
        ("answer = input()", Mistake.NOT_INTERACTIVE),
        ("anwser = 1", Mistake.NOT_DEFINED),
        ("answer = torch.tensor(1.)", Mistake.KIND),
        ("answer = 1", None),
    ],
)
def test_a_real_answer_has_the_key_of_its_mistake(grader: Grader, answer: str, mistake: Mistake | None) -> None:
    verdict = grader.grade(CARD, answer)
    assert verdict.mistake is mistake, verdict


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_without_a_finding_has_a_key_if_it_ended_the_run(outcome: Outcome) -> None:
    has_no_key = not outcome.rateable or outcome in (Outcome.PASSED, Outcome.WRONG)
    other = Mistake.EXCEPTION if outcome is Outcome.ERROR else outcome.value
    assert Verdict("deck/card", outcome).mistake == (None if has_no_key else other)


@pytest.mark.parametrize(
    ("state", "notes", "mistake"),
    [
        (CheckState.AGREES, ("`for` is not allowed.",), Mistake.RULE_BROKEN),
        (CheckState.DIFFERS, ("`for` is not allowed.",), None),
        (CheckState.AGREES, (), None),
    ],
)
def test_a_broken_rule_is_the_mistake_only_if_every_check_agrees(
    state: CheckState, notes: tuple[str, ...], mistake: Mistake | None
) -> None:
    checks = (CheckVerdict(Check("answer"), state),)
    assert Verdict("deck/card", Outcome.WRONG, checks=checks, notes=notes).mistake is mistake


def test_former_keys_have_present_ones_and_others_are_unchanged() -> None:
    assert not FORMER_KEYS.keys() & set(Mistake)
    assert {present_key(key) for key in (*FORMER_KEYS, *EXCEPTIONS)} <= set(Mistake)
    assert [present_key(key) for key in ("transposed", HOSTILE)] == ["transposed", HOSTILE]

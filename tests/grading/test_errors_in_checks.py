"""Exceptions inside functions of the answer, which a check calls, are shown like those at the top level."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.grading.verdict_json import verdict_as_json
from quizapp.text.verdict_lines import verdict_lines

pytestmark = [pytest.mark.jail, pytest.mark.torch]

CENTRED = "def centred(x):\n    return x - x.mean(1, keepdim=True)"
CALL = "centred(torch.tensor([[1., 3., 8.], [0., 0., 3.]]))"


def grade(grader: Grader, answer: str, checks: Sequence[Check] = (Check(CALL),)) -> Verdict:
    card = Card("deck", "card", "?", tuple(checks), preamble="import torch", solution=CENTRED, trusted=True)
    return grader.grade(card, answer)


def test_an_error_inside_a_function_has_its_line_its_cause_and_its_call(grader: Grader) -> None:
    verdict = grade(grader, "def centred(x):\n    means = x.mean(1)\n    return x - means")
    assert verdict.outcome is Outcome.WRONG
    assert verdict.error is not None
    assert (verdict.error.type, verdict.error.line, verdict.call) == ("RuntimeError", 3, CALL)
    assert verdict.error.shapes == (("x", "float32 (2, 3)"), ("means", "float32 (2,)"))
    lines = list(verdict_lines(verdict))
    assert lines[1].strip().startswith("RuntimeError: The size of tensor a (3)")
    assert lines[2:5] == ["  line 3: return x - means", "                 ^^^^^^^^^", "  x is float32 (2, 3)"]
    assert lines[6].strip().startswith("The two tensors do not broadcast")
    assert lines[7] == f"  >>> {CALL}"
    assert lines[8] == f"✗ 1. {CALL}  RuntimeError was raised"
    assert sum("do not broadcast" in line for line in lines) == 1


def test_the_error_is_in_the_json(grader: Grader) -> None:
    error = verdict_as_json(grade(grader, "def centred(x):\n    return x - x.mean(1)"))
    assert error["error"] == {
        "type": "RuntimeError",
        "message": "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1",
        "line": 2,
    }
    assert (error["call"], error["mistake"]) == (CALL, "size-mismatch")
    assert error["line"] == 2


def test_each_check_has_its_mistake_and_the_authors_hint_in_the_json(grader: Grader) -> None:
    checks = [Check(CALL, says="Keep the dimension."), Check("1")]
    data = verdict_as_json(grade(grader, "def centred(x):\n    return x.mean(1, keepdim=True) - x", checks))
    assert data["mistake"] == "operands"
    assert isinstance(data["checks"], list)
    assert [(check["mistake"], check["says"]) for check in data["checks"]] == [
        ("operands", "Keep the dimension."),
        (None, None),
    ]


def test_the_statements_of_the_check_belong_to_the_call(grader: Grader) -> None:
    check = Check("centred(x)", run="x = torch.ones(2, 3)\nfor i in range(2):\n    x[i] = i")
    lines = list(verdict_lines(grade(grader, "def centred(x):\n    return x.maen(1)", [check])))
    start = lines.index("  >>> x = torch.ones(2, 3)")
    assert lines[start : start + 4] == [
        "  >>> x = torch.ones(2, 3)",
        "  >>> for i in range(2):",
        "  ...     x[i] = i",
        "  >>> centred(x)",
    ]


def test_an_error_of_the_check_itself_is_not_the_answers(grader: Grader) -> None:
    verdict = grade(grader, "def centered(x):\n    return x")
    assert verdict.error is None
    assert verdict.notes[0] == "Your code never binds `centred`. It binds `centered`: did you mean that?"


def test_an_error_in_a_hidden_check_is_not_shown(grader: Grader) -> None:
    verdict = grade(grader, "def centred(x):\n    return x - x.mean(1)", [Check(CALL, hidden=True)])
    assert (verdict.error, verdict.call) == (None, None)


def test_an_error_that_the_reference_raises_too_is_not_a_mistake(grader: Grader) -> None:
    check = Check("centred(torch.ones(3))", raises="IndexError")
    verdict = grade(grader, "def centred(x):\n    return x - x.mean(1) * 2", [Check(CALL), check])
    assert verdict.error is not None and verdict.call == CALL


@pytest.mark.parametrize(
    ("answer", "suggestion"),
    [
        ("def centred(x):\n    return x - x.maen(1, keepdim=True)", "Did you mean `mean`?"),
        ("def centred(x):\n    means = x.mean(1)\n    return x - maens", "Did you mean `means`?"),
        ("def centred(x):\n    return x - torch.maen(x, 1)", "Did you mean `mean`?"),
        ("import torch.nn as nn\ndef centred(x):\n    return nn.Linaer(3, 3)(x)", "Did you mean `Linear`?"),
        ("centred = torch.fnctional", "Did you mean `functional`?"),
    ],
)
def test_a_misspelt_name_gets_a_suggestion(grader: Grader, answer: str, suggestion: str) -> None:
    error = grade(grader, answer).error
    assert error is not None and error.message.endswith(suggestion)


def test_a_name_like_no_other_gets_none(grader: Grader) -> None:
    error = grade(grader, "def centred(x):\n    return x.qqq(1)").error
    assert error is not None and "Did you mean" not in error.message

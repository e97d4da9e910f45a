"""An answer that changes what the card gives is told so, where that makes a later check differ."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader

pytestmark = [pytest.mark.jail, pytest.mark.torch]

SOLUTION = "def f(x):\n    return x * 2"
NOTE = "Your code changes `x` in place, so `f(x) + 1` sees the changed values."


def notes(grader: Grader, answer: str, given: str = "x = torch.ones(3)", solution: str = SOLUTION) -> tuple[str, ...]:
    checks = (Check("f(x)"), Check("f(x) + 1"))
    card = Card(
        "deck",
        "card",
        "?",
        checks,
        preamble="import numpy as np\nimport torch",
        given=given,
        solution=solution,
        trusted=True,
    )
    return grader.grade(card, answer).notes


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("x = torch.ones(3)", "def f(x):\n    x *= 2\n    return x"),
        ("x = torch.ones(3)", "def f(x):\n    return x.mul_(2)"),
        ("x = np.ones(3)", "def f(x):\n    x *= 2\n    return x"),
    ],
)
def test_a_changed_argument_is_named(grader: Grader, given: str, answer: str) -> None:
    assert NOTE in notes(grader, answer, given)


@pytest.mark.parametrize(
    "answer",
    [
        "def f(x):\n    return x * 3",
        "def f(x):\n    y = x.clone()\n    y *= 3\n    return y",
        "x = x * 2\ndef f(x):\n    return x * 2",
    ],
)
def test_an_argument_that_stays_the_same_is_not_named(grader: Grader, answer: str) -> None:
    assert not any("in place" in note for note in notes(grader, answer))


def test_a_change_that_the_reference_makes_too_is_no_mistake(grader: Grader) -> None:
    in_place = "def f(x):\n    return x.mul_(2)"
    assert not any("in place" in note for note in notes(grader, in_place.replace("2", "3"), solution=in_place))


def test_a_changed_list_is_named(grader: Grader) -> None:
    checks = (Check("f(x)"), Check("f(x)"))
    card = Card(
        "d", "c", "?", checks, given="x = [3, 1, 2]", solution="def f(x):\n    return sorted(x)[0], x[0]", trusted=True
    )
    verdict = grader.grade(card, "def f(x):\n    first = x[0]\n    x.sort()\n    return x[0], first")
    assert "Your code changes `x` in place, so `f(x)` sees the changed values." in verdict.notes

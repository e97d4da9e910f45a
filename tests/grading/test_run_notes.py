"""Notes on a wrong answer from its runs."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader

pytestmark = [pytest.mark.jail, pytest.mark.torch]


def card(solution: str, see: str, **fields: Any) -> Card:
    return Card(
        "deck", "card", "?", (Check(see),), solution=solution, preamble="import torch\n", trusted=True, **fields
    )


RANDOM = card("y = x * 2 + b", "y", given="x = torch.randn(3)\nb = torch.randn(3)\n", trials=2)


def test_an_unbound_name_is_noted_with_a_similar_one(grader: Grader) -> None:
    verdict = grader.grade(card("answer = x", "answer", given="x = torch.ones(2)\n"), "anwser = x")
    assert "Your code never binds `answer`. It binds `anwser`: did you mean that?" in verdict.notes


def test_a_given_name_that_only_the_reference_uses_is_noted(grader: Grader) -> None:
    assert "Your answer never uses `b`, which the card gives." in grader.grade(RANDOM, "y = x * 2").notes


def test_constant_values_are_noted(grader: Grader) -> None:
    notes = grader.grade(RANDOM, "x, b\ny = torch.tensor([1., 2., 3.])").notes
    assert notes == ("Your answer gives the same values for every random input: does it use the input at all?",)


def test_an_answer_that_only_raises_is_not_constant(grader: Grader) -> None:
    raising = card("f = lambda: x * 2", "f()", given="x = torch.randn(3)\n", trials=2)
    assert not any("every random input" in note for note in grader.grade(raising, "f = lambda: x.nope").notes)


def test_an_answer_that_depends_on_the_seed_is_noted(grader: Grader) -> None:
    coin = card("y = x.abs()", "y", given="x = torch.tensor(1.0 if torch.rand(()) > 0.5 else -1.0)\n", trials=8)
    assert "Your answer is right for one random input and wrong for another." in grader.grade(coin, "y = x").notes


@pytest.mark.parametrize("source", ["import os\ny = int.from_bytes(os.urandom(6))", "y = object().__hash__() + id([])"])
def test_an_unseeded_source_is_noted(grader: Grader, source: str) -> None:
    notes = grader.grade(card("y = 1", "y"), f"{source}\nimport time\ny += time.time_ns()").notes
    assert any("different results" in note for note in notes)


def test_an_ordinary_mistake_has_no_note(grader: Grader) -> None:
    assert grader.grade(RANDOM, "y = x * 3 + b").notes == ()


def test_a_name_that_a_check_itself_binds_is_not_missing_from_the_answer(grader: Grader) -> None:
    checks = (Check("r", run="r = f(2)"), Check("r + 1"))
    wanted = Card("deck", "card", "?", checks, solution="def f(x):\n    return x", trusted=True)
    verdict = grader.grade(wanted, "def f(x):\n    return x.nope")
    assert not any("`r`" in note for note in verdict.notes)
    assert grader.grade(wanted, "g = 1").notes == ("Your code never binds `f`.",)

"""Choice cards: numbers or texts, and exactly the right ones."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card, CardKind, Choice
from quizapp.errors import UsageError
from quizapp.grading.cards.choice_card import chosen, grade_choice, shown_order
from quizapp.grading.verdict import Outcome

CARD = Card(
    "d",
    "c",
    "Which copy?",
    kind=CardKind.CHOICE,
    choices=(
        Choice("torch.tensor(a)", right=True),
        Choice("torch.from_numpy(a)", says="It shares memory with the array."),
        Choice("a.copy()", right=True),
    ),
)


@pytest.mark.parametrize("answer", ["1\n3", "3, 1", "1 3\n", "torch.tensor(a)\na.copy()", "torch.tensor(a)\n3"])
def test_the_right_ones_pass_however_they_are_written(answer: str) -> None:
    verdict = grade_choice(CARD, answer)
    assert (verdict.outcome, verdict.score) == (Outcome.PASSED, 1.0)


def test_a_wrong_one_says_what_it_reveals() -> None:
    verdict = grade_choice(CARD, "2")
    assert verdict.outcome is Outcome.WRONG
    assert verdict.says == "It shares memory with the array."


def test_a_missing_one_is_said_without_naming_it() -> None:
    verdict = grade_choice(CARD, "1")
    assert verdict.outcome is Outcome.WRONG
    assert verdict.notes and "a.copy" not in verdict.notes[0]


def test_an_empty_answer_is_wrong() -> None:
    assert grade_choice(CARD, "").outcome is Outcome.WRONG


@pytest.mark.parametrize("answer", ["4", "0", "x", "1;2", "²"])
def test_what_is_no_choice_is_said_with_the_way_out(answer: str) -> None:
    with pytest.raises(UsageError) as raised:
        chosen(CARD, answer)
    assert "1 to 3" in (raised.value.hint or "")


def test_choices_are_shown_in_an_order_that_the_seed_decides() -> None:
    orders = {shown_order(CARD, str(seed)) for seed in range(40)}
    assert shown_order(CARD, "1") == shown_order(CARD, "1")
    assert len(orders) == 6

"""Choice cards: answers as numbers or texts, and their verdicts."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card, CardKind, Choice
from quizapp.errors import UsageError
from quizapp.grading.cards.choice_card import grade_choice, read_choices, shown_order
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


LISTS = ["#3\n#1", "1, 3,", "１，３", "3、1", "1. 3.", "3 1 3"]


@pytest.mark.parametrize("answer", ["1\n3", "3, 1", "1 3\n", "torch.tensor(a)\na.copy()", "torch.tensor(a)\n3", *LISTS])
def test_the_right_choices_pass_as_numbers_and_as_texts(answer: str) -> None:
    verdict = grade_choice(CARD, answer)
    assert (verdict.outcome, verdict.score) == (Outcome.PASSED, 1.0)


def test_a_wrong_choice_is_explained() -> None:
    verdict = grade_choice(CARD, "2")
    assert verdict.outcome is Outcome.WRONG
    assert verdict.says == "It shares memory with the array."


def test_a_missing_choice_is_not_named() -> None:
    verdict = grade_choice(CARD, "1")
    assert verdict.outcome is Outcome.WRONG
    assert verdict.notes and "a.copy" not in verdict.notes[0]


def test_an_empty_answer_is_wrong() -> None:
    assert grade_choice(CARD, "").outcome is Outcome.WRONG


@pytest.mark.parametrize("answer", ["4", "0", "x", "1;2", "²", "9" * 5000])
def test_an_invalid_choice_is_an_error_with_a_hint(answer: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_choices(CARD, answer)
    assert "1 to 3" in (raised.value.hint or "")


@pytest.mark.parametrize("texts", [("3", "1", "2"), ("a\nb", "c", "a\nd")])
def test_a_number_with_its_sign_is_read_as_a_number_where_texts_are_numbers_or_have_several_lines(
    texts: tuple[str, ...],
) -> None:
    card = Card("d", "c", "?", kind=CardKind.CHOICE, choices=tuple(map(Choice, texts)))
    assert [read_choices(card, f"#{number}") for number in (1, 2, 3)] == [{0}, {1}, {2}]
    assert read_choices(card, "#1\n#3") == {0, 2}


def test_the_order_of_display_depends_on_the_seed() -> None:
    orders = {shown_order(CARD, str(seed)) for seed in range(40)}
    assert shown_order(CARD, "1") == shown_order(CARD, "1")
    assert len(orders) == 6

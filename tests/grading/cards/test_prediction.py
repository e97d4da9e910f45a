"""Predictions: how typed text is parsed and described."""

from __future__ import annotations

import pytest

from quizapp.grading.cards.prediction import describe_reading, parse


def test_two_notations_of_one_value_are_equal() -> None:
    assert parse("torch.float32") == parse(" float32 ")
    assert parse("(2,3)") == parse("(2, 3)")
    assert parse("[1.50]") == parse("[1.5]")
    assert parse("a \n") == parse("a")
    # Not a number is equal to nothing, itself included.
    assert repr(parse("[nan]").typed) == repr(parse("[float('nan')]").typed)


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("", "nothing yet"),
        ("(2, 3)", "a tuple of 2 items"),
        ("[1]", "a list of 1 item"),
        ("torch.int64", "the name `int64`"),
        ("tensor([1])", "a tensor"),
        ("hello world", "text"),
        ("3", "an int"),
        ("3.0", "a float"),
        ("[1, 2", "text: `[` is not closed"),
        ("1 2", "2 items"),
        ("2x3", "a tuple of 2 items"),
        ("true", "a bool"),
    ],
)
def test_the_reading_is_described(text: str, read_as: str) -> None:
    assert describe_reading(parse(text)) == read_as

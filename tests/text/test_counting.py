"""Counts, points and sizes as text."""

from __future__ import annotations

import pytest

from quizapp.text.counting import format_points, format_size, plural


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (0, "card", "0 cards"),
        (1, "card", "1 card"),
        (2, "card", "2 cards"),
        (1, "entry", "1 entry"),
        (3, "entry", "3 entries"),
        (2, "memory", "2 memories"),
        (2, "day", "2 days"),
        (2, "more line", "2 more lines"),
        (2, "leech", "2 leeches"),
    ],
)
def test_a_count_agrees_with_its_noun(count: int, noun: str, text: str) -> None:
    assert plural(count, noun) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0"), (1023, "1023"), (1024, "1 KiB"), (1536, "1.5 KiB"), (256 << 20, "256 MiB"), (1 << 30, "1 GiB")],
)
def test_a_size_has_the_largest_unit_below_it(size: int, text: str) -> None:
    assert format_size(size) == text


def test_points_have_no_trailing_zero() -> None:
    assert [format_points(points) for points in (1.0, 2.5, 0.0)] == ["1", "2.5", "0"]

"""Durations as text."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quizapp.text.durations import short_duration


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(hours=5), "5 h"),
        (timedelta(days=30), "30 d"),
        (timedelta(days=61), "2.0 mo"),
        (timedelta(days=548), "1.5 y"),
    ],
)
def test_a_duration_is_one_number_with_one_unit(duration: timedelta, text: str) -> None:
    assert short_duration(duration) == text

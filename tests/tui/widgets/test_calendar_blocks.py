"""The calendar of recent weeks."""

from __future__ import annotations

from datetime import date

import pytest
from textual.color import Color

from quizapp.tui.widgets.calendar_blocks import (
    SHORT_WIDTH,
    TALL_WIDTH,
    WEEKS,
    Palette,
    shade,
    short_calendar,
    tall_calendar,
    weeks,
)

PALETTE = Palette(Color.parse("black"), Color.parse("white"), Color.parse("blue"))
SUNDAY, MONDAY = date(2026, 3, 1).toordinal(), date(2026, 3, 2).toordinal()


@pytest.mark.parametrize(("today", "last_week"), [(SUNDAY, 7), (MONDAY, 1)])
def test_last_week_ends_today_and_weeks_begin_on_monday(today: int, last_week: int) -> None:
    columns = weeks(today)
    assert len(columns) == WEEKS
    assert sum(day is not None for day in columns[-1]) == last_week
    assert all(date.fromordinal(column[0]).weekday() == 0 for column in columns if column[0])


@pytest.mark.parametrize(("reviews", "expected"), [(0, 0), (1, 1), (5, 2), (29, 3), (200, 4)])
def test_more_reviews_have_a_stronger_shade(reviews: int, expected: int) -> None:
    assert shade(reviews) == expected


def test_every_line_has_the_same_width_and_months_are_named() -> None:
    tall, short = tall_calendar({}, SUNDAY, PALETTE), short_calendar({}, SUNDAY, PALETTE)
    assert {line.cell_length for line in tall} == {TALL_WIDTH} and len(tall) == 8
    assert {line.cell_length for line in short} == {SHORT_WIDTH} and len(short) == 4
    assert "Jan" in tall[0].plain and "Feb" in tall[0].plain


def test_days_with_reviews_differ_from_days_without() -> None:
    assert PALETTE.of(SUNDAY, {SUNDAY: 3}) != PALETTE.of(SUNDAY, {})
    assert PALETTE.of(None, {}) == PALETTE.background

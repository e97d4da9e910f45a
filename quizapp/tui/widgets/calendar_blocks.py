"""A calendar of recent weeks: one column for each week, one block for each day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from textual.color import Color
from textual.content import Content
from textual.style import Style

WEEKS = 12
SHORT_WIDTH = 2 * WEEKS
TALL_WIDTH = 4 + 2 * WEEKS
STEPS = (1, 5, 15, 30)
"""Least number of reviews of each shade."""

STRENGTHS = (0.0, 0.35, 0.55, 0.75, 1.0)
ZERO_STRENGTH = 0.12
"""Share of the text's colour in the block of a day without reviews."""

DAY_NAMES = ("Mon", "", "Wed", "", "Fri", "", "")


def shade(reviews: int) -> int:
    """Return the shade of a day, from 0 for no reviews to 4."""
    return sum(reviews >= least for least in STEPS)


def weeks(today: int, count: int = WEEKS) -> list[list[int | None]]:
    """Return the days of the last weeks, Monday first; days after today are None."""
    monday = today - (today - 1) % 7
    first = monday - 7 * (count - 1)
    return [[day if day <= today else None for day in range(first + 7 * n, first + 7 * n + 7)] for n in range(count)]


class Palette:
    """The colours of the shades on a background."""

    def __init__(self, background: Color, text: Color, accent: Color) -> None:
        self.background = background
        zero = background.blend(text, ZERO_STRENGTH)
        self.shades = [zero, *(zero.blend(accent, strength) for strength in STRENGTHS[1:])]

    def of(self, day: int | None, reviews: Mapping[int, int]) -> Color:
        """Return the colour of a day; that of the background for None."""
        return self.background if day is None else self.shades[shade(reviews.get(day, 0))]


def tall_calendar(reviews: Mapping[int, int], today: int, palette: Palette, count: int = WEEKS) -> list[Content]:
    """Return eight lines: the months, then the days of the last `count` weeks."""
    columns = weeks(today, count)
    lines = [Content(" " * 4 + _months(columns))]
    for weekday, name in enumerate(DAY_NAMES):
        blocks = [
            Content.styled("■ ", Style(foreground=palette.of(column[weekday], reviews)))
            if column[weekday] is not None
            else Content("  ")
            for column in columns
        ]
        lines.append(Content.assemble((f"{name:<4}", "$text 60%"), *blocks))
    return lines


def short_calendar(reviews: Mapping[int, int], today: int, palette: Palette) -> list[Content]:
    """Return four lines of half blocks: two days in each cell."""
    columns = weeks(today)
    lines = []
    for upper in range(0, 7, 2):
        cells = []
        for column in columns:
            lower = column[upper + 1] if upper < 6 else None
            colours = palette.of(column[upper], reviews), palette.of(lower, reviews)
            cells += [Content.styled("▀", Style(foreground=colours[0], background=colours[1])), Content(" ")]
        lines.append(Content.assemble(*cells))
    return lines


def _months(columns: list[list[int | None]]) -> str:
    """Return the names of the months above the weeks in which they begin, if there is room."""
    text, shown = "", 0
    for number, column in enumerate(columns):
        day = date.fromordinal(column[0] or 1)
        if day.month != shown and len(text) <= 2 * number and number < len(columns) - 1:
            is_partial = number == 0 and day.day > 14
            text = text.ljust(2 * number) + ("" if is_partial else f"{day:%b} ")
            shown = day.month
    return text.ljust(2 * len(columns))

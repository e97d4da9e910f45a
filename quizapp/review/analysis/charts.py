"""Charts as plain text, readable without colour: columns have a scale, and every shade is in the legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

LEVELS = " ▁▂▃▄▅▆▇█"
TARGET = "╌"
HEIGHT = 8
"""Rows of a chart above its base line; every second one has a mark on the scale."""

STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 8)
"""Multiples of a power of ten that are easy to read on a scale."""

SHADES = "·░▒▓█"
"""Shades of a day, from no review to the busiest days."""

WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")


@dataclass(frozen=True, slots=True)
class Scale:
    """The vertical scale of a chart."""

    bottom: float
    top: float
    unit: str = ""

    def mark(self, row: int) -> str:
        """Return the value at the upper edge of a row; row 0 is the base line."""
        return f"{self.bottom + (self.top - self.bottom) * row / HEIGHT:g}{self.unit}"

    def rows(self, value: float) -> float:
        """Return the height of a value in rows."""
        return min(max((value - self.bottom) / (self.top - self.bottom), 0.0), 1.0) * HEIGHT

    @property
    def width(self) -> int:
        """The characters of the longest mark, and of the axis."""
        return max(len(self.mark(row)) for row in range(0, HEIGHT + 1, 2)) + 2


def count_scale(most: float) -> Scale:
    """Return a scale from 0 with whole numbers at its marks, no larger than `most` needs."""
    wanted = max(most, 1) / 4
    steps = (multiple * 10**power for power in count() for multiple in STEPS)
    return Scale(0, 4 * next(step for step in steps if step >= wanted and step == int(step)))


def columns(
    values: Sequence[float | None],
    width: int,
    scale: Scale,
    labels: Sequence[Sequence[str]],
    target: float | None = None,
) -> str:
    """Draw a column for each value, none for None; `target` is drawn as a line behind them.

    `labels` are the lines below the chart: for each a text, or an empty one, per value.
    """
    slot = max(1, min(6, (width - scale.width) // max(1, len(values))))
    margin = scale.width - 2
    target_row = None if target is None else max(1, -(-round(scale.rows(target) * 100) // 100))
    lines = []
    for row in range(HEIGHT, 0, -1):
        mark, axis = (scale.mark(row), "┤") if row % 2 == 0 else ("", "│")
        empty = TARGET if row == target_row else " "
        cells = "".join(_cell(value, scale, row, slot, empty) for value in values)
        lines.append(f"{mark:>{margin}} {axis}{cells}".rstrip())
    lines.append(f"{scale.mark(0):>{margin}} └{'─' * (slot * len(values))}")
    lines += [" " * (margin + 2) + _spread(texts, slot, width - scale.width) for texts in labels]
    return "\n".join(lines)


def _cell(value: float | None, scale: Scale, row: int, slot: int, empty: str) -> str:
    """Return one row of a column with the gap after it."""
    eighths = 0 if value is None else round((scale.rows(value) - (row - 1)) * 8)
    if row == 1 and value is not None and value > scale.bottom:
        eighths = max(1, eighths)
    bar = (slot + 1) // 2
    level = LEVELS[min(8, max(0, eighths))]
    return (empty if level == " " else level) * bar + empty * (slot - bar)


def _spread(texts: Sequence[str], slot: int, width: int) -> str:
    """Return a line with each text at the start of its column, if it fits and does not touch the text before it."""
    line = ""
    for number, text in enumerate(texts):
        start = slot * number
        if text and (not line or len(line) < start) and start + len(text) <= width:
            line = f"{line:<{start}}{text}"
    return line


def heat_map(counts: Mapping[date, int], today: date, width: int) -> str:
    """Draw the reviews per day with a column per week, as many as fit; the last column is the current week."""
    weeks = max(1, min(53, (width - 5) // 2))
    monday = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    days = [monday + timedelta(days=number) for number in range(7 * weeks)]
    reviewed = sorted(counts[day] for day in days if counts.get(day))
    # The 95th percentile, so that one exceptional day does not make all others pale.
    most = reviewed[len(reviewed) * 19 // 20] if reviewed else 1
    lines = [f"     {_months(days[::7])}".rstrip()]
    for weekday, name in enumerate(WEEKDAYS):
        cells = (_shade(counts.get(day, 0), most) if day <= today else " " for day in days[weekday::7])
        lines.append(f"{name:<4} {' '.join(cells)}".rstrip())
    lines.append(f"     {SHADES[0]} none   {'  '.join(SHADES[1:])} {most} or more a day")
    return "\n".join(lines)


def _shade(count: int, most: int) -> str:
    return SHADES[min(4, -(-count * 4 // most))]


def _months(mondays: Sequence[date]) -> str:
    """Return a line with each month's name above its first week, if there is room."""
    line = ""
    for number, monday in enumerate(mondays):
        if monday.day <= 7 and len(line) <= 2 * number:
            line = f"{line:<{2 * number}}{monday:%b} "
    return line

"""Charts as plain text, readable without colour: every mark has a number beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

EIGHTHS = " ▏▎▍▌▋▊▉█"
LEVELS = " ▁▂▃▄▅▆▇█"
SHADES = "·░▒▓█"
"""Shades of a day, from no review to the busiest days."""

WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")

Row = tuple[str, float, str]
"""(label before the bar, value, note after it)."""


def bars(rows: Sequence[Row], width: int, full: float | None = None) -> str:
    """Draw one horizontal bar per row; `full` is the value that fills the width (None: the largest one)."""
    if not rows:
        return "nothing yet"
    label_width = max(len(label) for label, _, _ in rows)
    note_width = max(len(note) for _, _, note in rows)
    bar_width = max(4, width - label_width - note_width - 4)
    top = full or max(value for _, value, _ in rows) or 1.0
    lines = (
        f"{label:>{label_width}}  {_bar(value / top, bar_width):<{bar_width}}  {note}" for label, value, note in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _bar(share: float, width: int) -> str:
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    if share > 0:
        eighths = max(1, eighths)
    whole, rest = divmod(eighths, 8)
    return EIGHTHS[8] * whole + (EIGHTHS[rest] if rest else "")


def columns(values: Sequence[float], height: int, labels: Sequence[str] = ()) -> str:
    """Draw one column, two characters wide, per value; the largest value labels the top of the axis."""
    top = max(values, default=0) or 1
    margin = len(f"{top:g}")
    lines = []
    for row in range(height, 0, -1):
        mark = f"{top:g}" if row == height else ("0" if row == 1 else "")
        cells = "".join(_cell(value / top * height - (row - 1)) * 2 for value in values)
        lines.append(f"{mark:>{margin}} ┤{cells}".rstrip())
    if labels:
        lines.append(" " * (margin + 2) + "".join(f"{label:<2}" for label in labels).rstrip())
    return "\n".join(lines)


def _cell(filled: float) -> str:
    return LEVELS[min(8, max(0, round(filled * 8)))]


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

"""Plots as text that reads without colour: every mark has a number beside it, and none needs a shade of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

EIGHTHS = " ▏▎▍▌▋▊▉█"
SHADES = "·░▒▓█"
"""From no review at all to the busiest days."""

WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")

Row = tuple[str, float, str]
"""What stands before a bar, its length, and what stands after it."""


def bars(rows: Sequence[Row], width: int, full: float | None = None) -> str:
    """One horizontal bar a row; `full` is the value that fills the width (None: the largest one)."""
    if not rows:
        return "nothing yet"
    before = max(len(label) for label, _, _ in rows)
    after = max(len(note) for _, _, note in rows)
    room = max(4, width - before - after - 4)
    top = full or max(value for _, value, _ in rows) or 1.0
    lines = (f"{label:>{before}}  {_bar(value / top, room):<{room}}  {note}" for label, value, note in rows)
    return "\n".join(line.rstrip() for line in lines)


def _bar(share: float, room: int) -> str:
    eighths = round(min(max(share, 0.0), 1.0) * room * 8)
    if share > 0:
        eighths = max(1, eighths)
    whole, rest = divmod(eighths, 8)
    return EIGHTHS[8] * whole + (EIGHTHS[rest] if rest else "")


def columns(values: Sequence[float], height: int, labels: Sequence[str] = ()) -> str:
    """One column two characters wide for each value, the largest value at the top of the axis."""
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
    return " ▁▂▃▄▅▆▇█"[min(8, max(0, round(filled * 8)))]


def heat_map(counts: Mapping[date, int], today: date, width: int) -> str:
    """Reviews a day, a column for each week, as many weeks as fit; the last column is this week's."""
    weeks = max(1, min(53, (width - 5) // 2))
    monday = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    days = [monday + timedelta(days=number) for number in range(7 * weeks)]
    busy = sorted(counts[day] for day in days if counts.get(day))
    # One crammed day must not pale all the others.
    most = busy[len(busy) * 19 // 20] if busy else 1
    lines = [f"     {_months(days[::7])}".rstrip()]
    for weekday, name in enumerate(WEEKDAYS):
        cells = (_shade(counts.get(day, 0), most) if day <= today else " " for day in days[weekday::7])
        lines.append(f"{name:<4} {' '.join(cells)}".rstrip())
    lines.append(f"     {SHADES[0]} none   {'  '.join(SHADES[1:])} from {most} a day on")
    return "\n".join(lines)


def _shade(count: int, most: int) -> str:
    return SHADES[min(4, -(-count * 4 // most))]


def _months(mondays: Sequence[date]) -> str:
    """A month's name over its first week, where there is room."""
    line = ""
    for number, monday in enumerate(mondays):
        if monday.day <= 7 and len(line) <= 2 * number:
            line = f"{line:<{2 * number}}{monday:%b} "
    return line

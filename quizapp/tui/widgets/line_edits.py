"""Edits of whole lines: duplicate, move. Contains no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

Location: TypeAlias = tuple[int, int]
"""Row and column, both from 0."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text and its selection, whose end is the cursor."""

    rows: Sequence[str]
    start: Location
    end: Location

    def changed_rows(self, before: Lines) -> tuple[int, int]:
        """Return how many rows at the top and at the bottom are the same as `before`."""
        shorter = min(len(self.rows), len(before.rows))
        top = 0
        while top < shorter and self.rows[top] == before.rows[top]:
            top += 1
        bottom = 0
        while bottom < shorter - top and self.rows[-1 - bottom] == before.rows[-1 - bottom]:
            bottom += 1
        return top, bottom

    def with_rows(self, rows: Sequence[str], by: int) -> Lines:
        """Return the lines with `rows` instead, and the selection moved down by `by` rows."""
        (top, left), (bottom, right) = self.start, self.end
        return replace(self, rows=rows, start=(top + by, left), end=(bottom + by, right))


def selected_rows(start: Location, end: Location) -> tuple[int, int]:
    """Return the first and the last row of a selection; one that ends at the start of a row does not include it."""
    (top, _), (bottom, right) = sorted((start, end))
    return top, bottom - 1 if bottom > top and right == 0 else bottom


def move(lines: Lines, by: int) -> Lines | None:
    """Return the lines with the selected ones moved by one row, or None if there is no row to move past."""
    top, bottom = selected_rows(lines.start, lines.end)
    rows = list(lines.rows)
    passed = top - 1 if by < 0 else bottom + 1
    if not 0 <= passed < len(rows):
        return None
    other = rows.pop(passed)
    rows.insert(bottom if by < 0 else top, other)
    moved = lines.with_rows(rows, by)
    # A selection that ends at the start of a row may now end below the last one.
    return moved if max(moved.start[0], moved.end[0]) < len(rows) else _clamped(moved)


def duplicate(lines: Lines) -> Lines:
    """Return the lines with the selected text repeated after it and selected, or with the cursor's line repeated."""
    if lines.start == lines.end:
        row = lines.end[0]
        return lines.with_rows([*lines.rows[: row + 1], *lines.rows[row:]], 1)
    (top, left), (bottom, right) = sorted((lines.start, lines.end))
    selected = [*lines.rows[top : bottom + 1]]
    before, after = selected[0][:left], selected[-1][right:]
    selected[-1] = selected[-1][:right]
    selected[0] = selected[0][left:]
    joined = [*selected[:-1], selected[-1] + selected[0], *selected[1:]]
    joined[0] = before + joined[0]
    joined[-1] += after
    width = len(selected[-1]) + (right if bottom == top else 0)
    end = (bottom + bottom - top, width)
    return Lines([*lines.rows[:top], *joined, *lines.rows[bottom + 1 :]], (bottom, right), end)


def _clamped(lines: Lines) -> Lines:
    last = len(lines.rows) - 1
    start, end = (
        (row, column) if row <= last else (last, len(lines.rows[last])) for row, column in (lines.start, lines.end)
    )
    return replace(lines, start=start, end=end)

"""Tables as plain text: names on the left, numbers aligned on the right."""

from __future__ import annotations

from collections.abc import Sequence

from quizapp.text.printable import one_line

GAP = 2
MIN_NAME = 8
"""Least cells of the column of names."""

NONE = "–"
"""Shown where there is no number."""


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    """Return `rows` below `headers`. The first column is cut where the table is wider than `width` cells."""
    from rich.cells import cell_len

    lines = [[one_line(cell) for cell in row] for row in (headers, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    room = width - sum(widths[1:]) - GAP * (len(widths) - 1)
    name_width = min(widths[0], max(MIN_NAME, room))
    return "\n".join(_line(line, name_width, widths[1:]) for line in lines)


def _line(cells: Sequence[str], name_width: int, widths: Sequence[int]) -> str:
    numbers = "".join(f"{cell:>{GAP + width}}" for cell, width in zip(cells[1:], widths, strict=True))
    return _fit(cells[0], name_width) + numbers


def _fit(text: str, width: int) -> str:
    """Return `text` in exactly `width` terminal cells."""
    from rich.cells import cell_len, set_cell_size

    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"

"""The operators of vim: from a buffer and a region to a buffer. Contains no widget."""

from __future__ import annotations

from collections.abc import Callable

from quizapp.tui.widgets.editing import INDENT, indent_lines, strip_comment
from quizapp.tui.widgets.vim.buffer import Buffer
from quizapp.tui.widgets.vim.registers import Register
from quizapp.tui.widgets.vim.text_regions import Region


def copied(buffer: Buffer, region: Region) -> Register:
    """Return the text of a region."""
    if region.is_lines:
        return Register("\n".join(buffer.lines[region.top : region.bottom + 1]), is_lines=True)
    return Register(buffer.slice(region.start, region.end))


def delete(buffer: Buffer, region: Region) -> Buffer:
    """Return the buffer without the region, in normal mode."""
    if not region.is_lines:
        return buffer.replaced(region.start, region.end, "").settled()
    left = buffer.with_lines(region.top, region.bottom + 1, ())
    return left.moved(left.first_nonblank(min(region.top, left.last_row)))


def clear(buffer: Buffer, region: Region) -> Buffer:
    """Return the buffer to insert text into in place of the region; lines leave one with their indentation."""
    if not region.is_lines:
        return buffer.replaced(region.start, region.end, "")
    indent = buffer.indent(region.top)
    return buffer.with_lines(region.top, region.bottom + 1, (indent,)).moved((region.top, len(indent)))


def yank(buffer: Buffer, region: Region) -> Buffer:
    """Return the buffer with the cursor where the operator `y` leaves it."""
    return buffer.moved(region.start).settled()


def change_case(buffer: Buffer, region: Region, change: Callable[[str], str]) -> Buffer:
    """Return the buffer with the letters of the region changed."""
    start, end = region.start, region.end
    if region.is_lines:
        start, end = (region.top, 0), (region.bottom, len(buffer.lines[region.bottom]))
    return buffer.replaced(start, end, change(buffer.slice(start, end))).moved(region.start).settled()


def shift(buffer: Buffer, region: Region, levels: int) -> Buffer:
    """Return the buffer with the rows of the region indented by levels, or dedented by negative ones."""
    lines = list(buffer.lines[region.top : region.bottom + 1])
    for _ in range(abs(levels)):
        lines = indent_lines(lines, 1 if levels > 0 else -1)
    return _with_rows(buffer, region, lines)


def align(buffer: Buffer, region: Region) -> Buffer:
    """Return the buffer with the rows of the region at multiples of the indentation.

    A row is at most one level deeper than the text above it, and that only after a line that opens a block.
    """
    lines = list(buffer.lines)
    for row in range(region.top, region.bottom + 1):
        code = lines[row].strip()
        above = next((line for line in reversed(lines[:row]) if line.strip()), "")
        deepest = len(above) - len(above.lstrip()) if above else 0
        if strip_comment(above.strip()).endswith((":", "(", "[", "{")):
            deepest += INDENT
        width = len(lines[row]) - len(lines[row].lstrip())
        lines[row] = " " * min((width + INDENT // 2) // INDENT * INDENT, deepest) + code if code else ""
    return _with_rows(buffer, region, lines[region.top : region.bottom + 1])


def _with_rows(buffer: Buffer, region: Region, lines: list[str]) -> Buffer:
    changed = buffer.with_lines(region.top, region.bottom + 1, tuple(lines))
    return changed.moved(changed.first_nonblank(region.top))


EDITS: dict[str, Callable[[Buffer, Region, int], Buffer]] = {
    "d": lambda buffer, region, _: delete(buffer, region),
    "c": lambda buffer, region, _: clear(buffer, region),
    "y": lambda buffer, region, _: yank(buffer, region),
    "gu": lambda buffer, region, _: change_case(buffer, region, str.lower),
    "gU": lambda buffer, region, _: change_case(buffer, region, str.upper),
    "g~": lambda buffer, region, _: change_case(buffer, region, str.swapcase),
    ">": shift,
    "<": lambda buffer, region, levels: shift(buffer, region, -levels),
    "=": lambda buffer, region, _: align(buffer, region),
}
"""Operator -> its effect on a region; the number is the levels of indentation."""

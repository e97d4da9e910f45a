"""What an operator is applied to, after `do_pending_operator` of vim. Contains no widget."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.tui.widgets.vim.buffer import Buffer, Position
from quizapp.tui.widgets.vim.motions import Extent, Target
from quizapp.tui.widgets.vim.text_objects import TextObject


@dataclass(frozen=True, slots=True)
class Region:
    """The text from `start` to before `end`, or the rows of both."""

    start: Position
    end: Position
    is_lines: bool = False

    @property
    def top(self) -> int:
        return self.start[0]

    @property
    def bottom(self) -> int:
        return self.end[0]


def region_of_object(found: TextObject) -> Region:
    return Region(found.start, found.end, found.is_lines)


def region_of_rows(buffer: Buffer, count: int, operator: str) -> Region | None:
    """Return `count` lines from the cursor's; None if it is the last one and there are to be more."""
    if count > 1 and buffer.row == buffer.last_row:
        return None
    end = buffer.first_nonblank(min(buffer.row + count - 1, buffer.last_row))
    start = buffer.cursor if operator == "y" else min(buffer.cursor, end)
    return Region(start, end, is_lines=True)


def region_of_motion(buffer: Buffer, target: Target, operator: str) -> Region:
    """Return the text between the cursor and the target of a motion."""
    start, end = sorted((buffer.cursor, target.position))
    if target.extent is Extent.LINES:
        return Region(start, end, is_lines=True)
    if target.extent is Extent.INCLUSIVE:
        return _whole_lines_if_blank(buffer, Region(start, _after(buffer, end)), operator)
    if end[1] == 0 and start[0] < end[0] and target.extent is not Extent.EXACT:
        # An exclusive motion to the start of a line ends at the end of the line before.
        if is_in_indent(buffer, start):
            return Region(start, (end[0] - 1, 0), is_lines=True)
        end = (end[0] - 1, len(buffer.lines[end[0] - 1]))
    if target.extent is Extent.EXACT:
        return Region(start, end)
    return _whole_lines_if_blank(buffer, Region(start, end), operator)


def _after(buffer: Buffer, position: Position) -> Position:
    row, column = position
    return row, min(column + 1, len(buffer.lines[row]))


def is_in_indent(buffer: Buffer, position: Position) -> bool:
    """Return whether there are only blanks before `position` in its line."""
    row, column = position
    return not buffer.lines[row][:column].strip()


def _whole_lines_if_blank(buffer: Buffer, region: Region, operator: str) -> Region:
    """Delete whole lines if only blanks would remain of several."""
    row, column = region.end
    is_blank = not buffer.lines[row][column:].strip() and is_in_indent(buffer, region.start)
    return Region(region.start, region.end, operator == "d" and region.top < region.bottom and is_blank)


def region_of_selection(buffer: Buffer, anchor: Position, is_lines: bool, takes_breaks: bool = True) -> Region:
    """Return the selected text of visual mode. `takes_breaks`: a selected line break belongs to it."""
    start, end = sorted((anchor, buffer.cursor))
    if is_lines:
        return Region((start[0], 0), end, is_lines=True)
    row, column = end
    if column >= len(buffer.lines[row]) and row < buffer.last_row and takes_breaks:
        return Region(start, (row + 1, 0))
    return Region(start, _after(buffer, end))

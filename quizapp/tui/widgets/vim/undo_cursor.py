"""The cursor after undo and redo, after `u_undoredo` of vim. Contains no widget."""

from __future__ import annotations

from quizapp.tui.widgets.vim.buffer import Buffer, Position, difference


def undo_cursor(before: Buffer, after: Buffer) -> Position:
    """Return where an undo leaves the cursor; that of `after` is where it was before the undone change.

    It stays there if that is in or beside the lines that changed, else it goes to the first of them.
    """
    changed = difference(before.lines, after.lines)
    if changed is None:
        return after.settled().cursor
    (first, _), _, text = changed
    if first - 1 <= after.row <= first + text.count("\n") + 1:
        return after.settled().cursor
    return after.first_nonblank(min(first, after.last_row))


def redo_cursor(before: Buffer, after: Buffer) -> Position:
    """Return the cursor after a redo: the start of the change, or of its line if the number of lines changed."""
    changed = difference(before.lines, after.lines)
    if changed is None:
        return after.settled().cursor
    (row, column), _, _ = changed
    if len(before.lines) == len(after.lines):
        return after.moved((row, column)).settled().cursor
    return after.first_nonblank(min(row, after.last_row))

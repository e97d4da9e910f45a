"""Undo by commands of vim: one stay in insert mode is one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.document._history import EditHistory

from quizapp.tui.widgets.vim.buffer import Buffer, difference


# Remove when EditHistory can group edits: it starts a step at each line break, paste and pause. The private modules
# are those that TextArea keeps its history in.
class InsertionHistory(EditHistory):
    """A history that records all edits of an open group as one."""

    def __init__(self, replaced: EditHistory, lines: Callable[[], Sequence[str]]) -> None:
        """`lines` returns the current text."""
        super().__init__(replaced.max_checkpoints, replaced.checkpoint_timer, replaced.checkpoint_max_characters)
        self._lines = lines
        self._is_open = False
        self._group: list[Edit] = []

    def open_group(self) -> None:
        """Record the following edits as one step."""
        self.close_group()
        self.checkpoint()
        self._is_open = True

    def close_group(self) -> None:
        """End the step, if one is open."""
        self._join()
        self._is_open = False
        self.checkpoint()

    def record(self, edit: Edit) -> None:
        if self._group and self._undo_stack and self._undo_stack[-1] is self._group:
            self._group.append(edit)
            self._redo_stack.clear()
            return
        before = self._undo_stack[-1] if self._undo_stack else None
        super().record(edit)
        if self._is_open and self._undo_stack and self._undo_stack[-1] is not before:
            self._group = self._undo_stack[-1]

    def _pop_undo(self) -> list[Edit] | None:
        self._join()
        return super()._pop_undo()

    def _join(self) -> None:
        """Replace the edits of the group by one.

        TextArea undoes several edits wrongly if they change the number of lines: it wraps other rows than changed.
        """
        group, self._group = self._group, []
        if len(group) > 1 and self._undo_stack and self._undo_stack[-1] is group:
            joined = join_edits(group, self._lines())
            if joined is None:
                self._undo_stack.pop()
            else:
                group[:] = [joined]


def join_edits(edits: Sequence[Edit], lines: Sequence[str]) -> Edit | None:
    """Return one edit with the effect of several, after which the text is `lines`; None if they change nothing."""
    after = before = Buffer(tuple(lines))
    for edit in reversed(edits):
        assert edit._edit_result is not None
        before = before.replaced(edit.top, edit._edit_result.end_location, edit._edit_result.replaced_text)
    changed = difference(before.lines, after.lines)
    if changed is None:
        return None
    start, end, text = changed
    joined = Edit(text, start, end, maintain_selection_offset=False)
    joined._edit_result = EditResult(after.position(after.offset(start) + len(text)), before.slice(start, end))
    joined._original_selection = edits[0]._original_selection
    joined._updated_selection = edits[-1]._updated_selection
    return joined

"""The adapter between the state machine of vim and the code editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.text import Text
from textual import events
from textual.geometry import Offset
from textual.widgets.text_area import Selection

from quizapp.settings import Settings
from quizapp.text.printable import visible
from quizapp.tui.widgets.vim.buffer import Buffer, Position, Window, difference
from quizapp.tui.widgets.vim.command_line import Request
from quizapp.tui.widgets.vim.insertion_history import InsertionHistory
from quizapp.tui.widgets.vim.state import Response, VimMode
from quizapp.tui.widgets.vim.undo_cursor import redo_cursor, undo_cursor
from quizapp.tui.widgets.vim.vim import Vim

if TYPE_CHECKING:
    from quizapp.tui.widgets.code_area import CodeArea

ACTIONS = {Request.SUBMIT: "screen.submit", Request.QUIT: "screen.go_home", Request.HELP: "app.help"}


class VimKeys:
    """Handles the keys of an editor while the setting `key_set` is `vim`."""

    def __init__(self, editor: CodeArea, intercept: Callable[[str], bool]) -> None:
        """`intercept` handles keys of the list of names, and Enter where it submits."""
        self._editor = editor
        self._intercept = intercept
        self._vim = Vim()
        self._is_on = False
        self._shown_status = ""
        self._cursor: Position = (0, 0)
        """The cursor in a visual mode: the selection of whole lines ends elsewhere."""

        self._shown = editor.selection
        self._history = InsertionHistory(editor.history, lambda: editor.document.lines)
        editor.history = self._history

    @property
    def status(self) -> str:
        """What the editor shows below the text; empty without vim."""
        return self._vim.status if self._is_on else ""

    def attach(self) -> None:
        """Follow the setting, which changes on another screen, and the focus."""
        self._editor.app.screen_change_signal.subscribe(self._editor, lambda _: self.sync())
        self._editor.watch(self._editor, "has_focus", self._take_focus)
        self.sync()

    def sync(self) -> None:
        """Turn vim on or off, as the setting says."""
        is_on = getattr(self._editor.app, "settings", Settings()).key_set == "vim"
        if is_on == self._is_on:
            return
        self._is_on = is_on
        self._vim.reset()
        self._history.close_group()
        if is_on:
            self._collapse()
        self._show_status()

    def _take_focus(self, has_focus: bool) -> None:
        """Put the cursor on the placeholder or match that was selected while the editor had no focus."""
        if has_focus and self._is_on and self._vim.mode is VimMode.NORMAL:
            self._collapse()

    def _collapse(self) -> None:
        start = min(self._editor.selection.start, self._editor.selection.end)
        self._select(self._read().moved(start).settled())

    # Keys

    async def take(self, event: events.Key) -> bool:
        """Return whether vim handled a key; the editor handles it otherwise."""
        self.sync()
        if not self._is_on:
            return False
        key = event.character if event.is_printable and event.character else event.key
        mode = self._vim.mode
        if mode is VimMode.INSERT and key == "escape":
            self._intercept(key)
        elif key == "enter" and self._vim.is_ready and self._intercept(key):
            return True
        before = self._adopt()
        response = self._vim.press(key, before, self._window())
        if response.request in (Request.PASS, Request.EXIT):
            self._show_status()
            return False
        self._apply(before, response, was_inserting=mode is VimMode.INSERT)
        self._show_status()
        if action := ACTIONS.get(response.request) if response.request else None:
            await self._editor.run_action(action)
        return True

    def _adopt(self) -> Buffer:
        """Return the editor's text and cursor. A selection made with the mouse or other keys starts visual mode."""
        state, selection = self._vim.state, self._editor.selection
        buffer = self._read()
        if state.mode is VimMode.INSERT:
            return buffer
        state.registers.clipboard = self._editor.app.clipboard
        if selection == self._shown and state.mode.is_visual:
            return buffer.moved(self._cursor)
        if selection.is_empty:
            if state.mode.is_visual:
                self._vim.reset()
            return buffer.settled()
        if selection != self._shown:
            start, end = sorted((selection.start, selection.end))
            last = buffer.position(max(buffer.offset(end) - 1, 0))
            is_forward = selection.end == end
            state.select(VimMode.VISUAL, start if is_forward else last)
            return buffer.moved(last if is_forward else start)
        return buffer.settled()

    def _read(self) -> Buffer:
        return Buffer(tuple(self._editor.document.lines), self._editor.cursor_location)

    def _window(self) -> Window:
        area = self._editor
        top = area.wrapped_document.offset_to_location(Offset(0, area.scroll_offset.y))[0]
        return Window(top, max(area.scrollable_content_region.height, 1))

    # Effects

    def _apply(self, before: Buffer, response: Response, was_inserting: bool) -> None:
        state, after = self._vim.state, response.buffer
        is_inserting = state.mode is VimMode.INSERT
        if is_inserting and not was_inserting:
            self._history.open_group()
        self._replace(before, after, starts_step=not (was_inserting or is_inserting))
        if was_inserting and not is_inserting:
            self._history.close_group()
        if state.registers.clipboard != self._editor.app.clipboard and not was_inserting:
            self._editor.app.copy_to_clipboard(state.registers.clipboard)
        self._select(after)
        if response.request in (Request.UNDO, Request.REDO):
            self._undo(response)
        if response.top is not None:
            offset = self._editor.wrapped_document.location_to_offset((response.top, 0))
            self._editor.scroll_to(y=offset.y, animate=False)

    def _replace(self, before: Buffer, after: Buffer, starts_step: bool) -> None:
        """Make the text of `after` of that of `before`; undo returns to where the change starts."""
        changed = difference(before.lines, after.lines)
        if changed is None:
            return
        if starts_step:
            self._history.checkpoint()
        self._editor.selection = Selection.cursor(self._vim.state.change_start or before.cursor)
        start, end, text = changed
        self._editor.replace(text, start, end, maintain_selection_offset=False)
        if starts_step:
            self._history.checkpoint()

    def _undo(self, response: Response) -> None:
        is_undo = response.request is Request.UNDO
        for _ in range(response.count):
            before = self._read()
            if is_undo:
                self._editor.undo()
            else:
                self._editor.redo()
            after = self._read()
            if after.lines == before.lines:
                self._vim.state.message = "nothing to undo" if is_undo else "nothing to redo"
                break
            cursor = undo_cursor(before, after) if is_undo else redo_cursor(before, after)
            self._select(after.moved(cursor))

    def _select(self, buffer: Buffer) -> None:
        """Show the cursor, or in a visual mode the selection."""
        state = self._vim.state
        self._cursor = buffer.cursor
        selection = Selection.cursor(buffer.cursor)
        if state.mode is VimMode.VISUAL_LINE:
            (top, _), (bottom, _) = sorted((state.anchor, buffer.cursor))
            start, end = (top, 0), (bottom, len(buffer.lines[bottom]))
            selection = Selection(start, end) if state.anchor <= buffer.cursor else Selection(end, start)
        elif state.mode is VimMode.VISUAL and buffer.cursor < state.anchor:
            row, column = state.anchor
            selection = Selection((row, min(column + 1, len(buffer.lines[row]))), buffer.cursor)
        elif state.mode is VimMode.VISUAL:
            # The character under the cursor belongs to the selection; the cursor itself shows it.
            selection = Selection(state.anchor, buffer.cursor)
        self._editor.selection = selection
        self._shown = self._editor.selection
        self._editor.record_cursor_width()

    def _show_status(self) -> None:
        status, editor = self.status, self._editor
        if status == self._shown_status:
            return
        editor.set_class(bool(status), "-vim")
        editor.border_subtitle = Text(f" {visible(status)} ") if status else None
        self._shown_status = status

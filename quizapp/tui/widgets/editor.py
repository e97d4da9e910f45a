"""The code editor: a code area with bracket pairs, indentation, comments, and edits of whole lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets.text_area import Selection

from quizapp.text.pasted_code import clean_code
from quizapp.tui.keymap import bindings
from quizapp.tui.widgets.code_area import CodeArea, Mark
from quizapp.tui.widgets.editing import (
    Insertion,
    break_line,
    clean_pasted,
    find,
    indent_lines,
    initial_selection,
    is_empty_pair,
    outdent_width,
    toggle_comments,
    type_character,
)
from quizapp.tui.widgets.line_edits import Lines, duplicate, move, selected_rows
from quizapp.tui.widgets.vim.vim_keys import VimKeys

__all__ = ["CodeEditor", "Mark"]


class CodeEditor(CodeArea):
    """A text area for Python, indented by four spaces."""

    DEFAULT_CSS = """
    CodeEditor.-vim, CodeEditor.-vim:focus {
        border-bottom: blank;
        border-subtitle-align: left;
        border-subtitle-color: $text-muted;
        border-subtitle-background: $surface;
    }
    CodeEditor.-vim:focus { border-subtitle-color: $foreground; border-subtitle-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+tab", "outdent", show=False),
        *bindings("editor"),
    ]

    class FindRequested(Message):
        """The find key was pressed; the surrounding pane opens its search bar."""

    class CompletionRequested(Message):
        """The completion key was pressed; the surrounding pane opens its list of names."""

    class DocumentationRequested(Message):
        """The documentation key was pressed; the surrounding pane shows what the name at the cursor is."""

    class ResetRequested(Message):
        """The reset key was pressed; the surrounding pane restores the initial text."""

    class Typed(Message):
        """A character was typed; names that complete it may be offered."""

    def __init__(
        self,
        text: str = "",
        intercept: Callable[[str], bool] = lambda key: False,
        *,
        soft_wrap: bool = False,
        id: str | None = None,
    ) -> None:
        """`intercept` is called first with each key and returns whether it handled it, for the completion list."""
        # Set before `TextArea.__init__`, which calls methods overridden here.
        self._intercept = intercept
        super().__init__(text, soft_wrap=soft_wrap, id=id)
        self._vim = VimKeys(self, intercept)

    def on_mount(self) -> None:
        self._vim.attach()

    # Keys

    def on_paste(self, event: events.Paste) -> None:
        """Clean the text, which the text area inserts afterwards."""
        event.text = clean_pasted(event.text)

    async def on_key(self, event: events.Key) -> None:
        if self.read_only:
            return
        if await self._vim.take(event):
            event.stop()
            event.prevent_default()
            self._restart_blink()
            return
        if self._intercept(event.key):
            event.stop()
            event.prevent_default()
        elif self.action_of(event) is None and self._handle_key(event):
            event.stop()
            event.prevent_default()
            self._restart_blink()
        if event.is_printable:
            self.post_message(self.Typed())

    def _handle_key(self, event: events.Key) -> bool:
        """Return whether the key was handled; the text area handles it otherwise."""
        if event.key == "enter":
            self.break_line()
        elif event.key == "tab" and self.selected_text.count("\n"):
            self._indent(1)
        elif event.character is not None and event.is_printable:
            return self._type(event.character)
        elif event.character is not None and clean_code(event.character) == " ":
            # A space other than the ASCII one, as Option+Space or an East Asian keyboard types it.
            self._insert(Insertion(" "))
        else:
            return False
        return True

    def break_line(self) -> None:
        """Start an indented new line at the cursor."""
        self._insert(break_line(*self._text_around_selection()))

    def _type(self, character: str) -> bool:
        before, after = self._text_around_selection()
        insertion = type_character(character, before, after, self.selected_text)
        if insertion.skip:
            self.move_cursor_relative(columns=1)
        elif insertion.text == character:
            return False
        else:
            self._insert(insertion)
        return True

    def _text_around_selection(self) -> tuple[str, str]:
        """Return the text before the selection on its first line and after it on its last line."""
        (top, left), (bottom, right) = sorted((self.selection.start, self.selection.end))
        return self.document.get_line(top)[:left], self.document.get_line(bottom)[right:]

    def _insert(self, insertion: Insertion) -> None:
        text, back = insertion.text, insertion.back
        result = self._replace_via_keyboard(text, *self.selection)
        if result is None or not back:
            return
        row, column = result.end_location
        tail = text[len(text) - back :]
        if "\n" in tail:
            row -= tail.count("\n")
            column = len(self.document.get_line(row))
        else:
            column -= back
        self.move_cursor((row, column))

    def action_delete_left(self) -> None:
        before, after = self._text_around_selection()
        row, column = self.cursor_location
        if self.read_only or self.selected_text:
            super().action_delete_left()
        elif is_empty_pair(before, after):
            self._delete_via_keyboard((row, column - 1), (row, column + 1))
        elif (width := outdent_width(before)) > 1:
            self._delete_via_keyboard((row, column - width), (row, column))
        else:
            super().action_delete_left()

    def action_outdent(self) -> None:
        self._indent(-1)

    def action_comment(self) -> None:
        """Comment the selected lines out, or uncomment them."""
        self._edit_lines(toggle_comments)

    def _indent(self, by: int) -> None:
        self._edit_lines(lambda lines: indent_lines(lines, by))

    def _edit_lines(self, change: Callable[[list[str]], list[str]]) -> None:
        """Replace the selected lines by what `change` returns for them, as one undoable step."""
        top, bottom = selected_rows(self.selection.start, self.selection.end)
        lines = self.document.lines[top : bottom + 1]
        changed = change(lines)
        row, column = self.cursor_location
        self.replace("\n".join(changed), (top, 0), (bottom, len(lines[-1])), maintain_selection_offset=False)
        grown = len(changed[-1]) - len(lines[-1])
        if bottom > top:
            self.selection = Selection((top, 0), (bottom, len(changed[-1])))
        else:
            self.move_cursor((row, max(0, column + grown)))

    def select_placeholder(self) -> None:
        """Select the first `...` to be replaced, or move the cursor to the end of the last line."""
        self.selection = Selection(*initial_selection(self.text))

    def replace_all(self, text: str) -> None:
        """Replace the whole text, as one undoable step."""
        self.history.checkpoint()
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
        self.history.checkpoint()

    def _edit_text(self, change: Callable[[Lines], Lines | None]) -> None:
        """Replace the lines that `change` changes, as one undoable step. None changes nothing."""
        old = Lines(self.document.lines, self.selection.start, self.selection.end)
        new = None if self.read_only else change(old)
        if new is None:
            return
        top, below = new.changed_rows(old)
        added, last = new.rows[top : len(new.rows) - below], len(old.rows) - below - 1
        self.history.checkpoint()
        if last >= top:
            end = (last, len(old.rows[last]))
            self.replace("\n".join(added), (top, 0), end, maintain_selection_offset=False)
        elif top < len(old.rows):
            self.insert("".join(f"{row}\n" for row in added), (top, 0))
        else:
            self.insert("".join(f"\n{row}" for row in added), self.document.end)
        self.selection = Selection(new.start, new.end)
        self.record_cursor_width()
        self.history.checkpoint()

    def action_duplicate(self) -> None:
        """Duplicate the selected text, or the line of the cursor."""
        self._edit_text(duplicate)

    def action_move_lines(self, by: int) -> None:
        """Move the selected lines up (`by` -1) or down (`by` 1)."""
        self._edit_text(lambda lines: move(lines, by))

    def action_document_start(self, select: bool = False) -> None:
        self.move_cursor((0, 0), select)

    def action_document_end(self, select: bool = False) -> None:
        self.move_cursor(self.document.end, select)

    def action_wrap(self) -> None:
        """Wrap long lines, or stop wrapping them."""
        self.soft_wrap = not self.soft_wrap
        self.scroll_to(x=0, animate=False)

    def action_reset(self) -> None:
        if not self.read_only:
            self.post_message(self.ResetRequested())

    def action_documentation(self) -> None:
        self.post_message(self.DocumentationRequested())

    def action_find(self) -> None:
        self.post_message(self.FindRequested())

    def action_complete(self) -> None:
        self.post_message(self.CompletionRequested())

    def select_match(self, query: str, *, backwards: bool = False) -> bool:
        """Select the next match of `query` and return whether there is one."""
        start = min(self.selection.start, self.selection.end)
        match = find(self.document.lines, query, start, backwards=backwards)
        if match is None:
            return False
        row, column = match
        self.move_cursor((row, column))
        self.move_cursor((row, column + len(query)), select=True, center=True)
        return True

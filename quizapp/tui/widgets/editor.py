"""The code editor: Textual's text area with pairs, indents, comments, marks on lines, and a quick highlighter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from rich.text import Text
from textual import events
from textual._tree_sitter import get_language
from textual.binding import Binding, BindingType
from textual.document._document_navigator import DocumentNavigator
from textual.document._syntax_aware_document import SyntaxAwareDocument
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Size
from textual.message import Message
from tree_sitter import Language, Query

from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.editing import find, is_empty_pair, newline, outdent_width, shifted, toggled, typed
from quizapp.tui.widgets.plain_text_area import PlainTextArea

MARGIN = 60
"""Lines above and below the window that are highlighted with it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is wrong with a line, for as long as the text stands as it was run."""

    row: int
    message: str
    column: int | None = None
    end_column: int | None = None


@cache
def _python() -> tuple[Language, Query]:
    """The grammar, and what is highlighted in it."""
    grammar = get_language("python")
    assert grammar is not None
    return grammar, Query(grammar, CodeEditor._get_builtin_highlight_query("python"))


class CodeEditor(PlainTextArea):
    """Python, four blanks to an indent."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+tab", "outdent", show=False),
        *bindings("editor"),
    ]

    @dataclass
    class Asked(Message):
        """Search or completion is wanted; the pane around the editor shows it."""

        editor: CodeEditor
        what: str

        @property
        def control(self) -> CodeEditor:
            return self.editor

    def __init__(
        self, text: str = "", takes: Callable[[str], bool] = lambda key: False, *, id: str | None = None
    ) -> None:
        """`takes` is asked of each key first: an open list of names is led by the editor's keys."""
        self._takes = takes
        self._mark: Mark | None = None
        self._window = (0, -1)
        super().__init__(
            text,
            language="python",
            soft_wrap=False,
            tab_behavior="indent",
            show_line_numbers=True,
            max_checkpoints=200,
            id=id,
        )

    # Marks

    def mark(self, mark: Mark | None) -> None:
        """Show what is wrong on its line, or nothing any more."""
        if mark != self._mark:
            self._mark = mark
            self._refresh_size()
            self.notify_style_update()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        mark = self._mark
        if mark is not None and mark.row == line_index:
            # The text area finds the cursor by columns of the text itself, so the note may only come after its end.
            length = len(line)
            line.stylize("underline", mark.column or 0, length if mark.end_column is None else mark.end_column)
            line.append(self._note(mark, length), "bold red")
        return line

    def _note(self, mark: Mark, length: int) -> str:
        """The mark's message, cut to what the window has left beside a line of this length."""
        left = self.size.width - self.gutter_width - length - 5
        return f"  ✗ {fit(visible(mark.message).splitlines()[0], left).rstrip()}" if left > 0 else "  ✗"

    def _refresh_size(self) -> None:
        """The text area draws no further than its longest line; a mark may stand beyond that."""
        super()._refresh_size()
        if self._mark is not None:
            width, height = self.virtual_size
            self.virtual_size = Size(max(width, self.size.width), height)

    def _recompute_cursor_offset(self) -> None:
        """An undo shortens the text before it moves the cursor, and the text area looks for the cursor in between."""
        if self.cursor_location[0] < self.document.line_count:
            super()._recompute_cursor_offset()  # type: ignore[no-untyped-call]

    # Highlighting only what is in sight, by a query that is compiled once: the text area asks for the whole file on
    # each key, and compiles for each text, which takes half as long as all else that a new card needs.

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, None)
        grammar, self._highlight_query = _python()
        self.document = SyntaxAwareDocument(text, grammar)
        self.wrapped_document = WrappedDocument(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()

    def _build_highlight_map(self) -> None:
        self._line_cache.clear()
        self._highlights.clear()
        if not self._highlight_query:
            return
        top = max(0, self.scroll_offset.y - MARGIN) if self.is_mounted else 0
        bottom = top + (self.size.height if self.is_mounted else 0) + 2 * MARGIN
        self._window = (top, bottom)
        captures = self.document.query_syntax_tree(self._highlight_query, (top, 0), (bottom, 0))
        for name, nodes in captures.items():
            for node in nodes:
                (row, start), (last, end) = node.start_point, node.end_point
                for line in range(max(row, top), min(last, bottom) + 1):
                    span = (start if line == row else 0, end if line == last else None, name)
                    self._highlights[line].append(span)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        top, bottom = self._window
        if self._highlight_query and not (top <= new_value and new_value + self.size.height <= bottom):
            self._build_highlight_map()

    # Keys

    async def _on_key(self, event: events.Key) -> None:
        if self.read_only:
            return
        if self._takes(event.key):
            event.stop()
            event.prevent_default()
            return
        if self._handled(event):
            event.stop()
            event.prevent_default()
            self._restart_blink()
            return
        await super()._on_key(event)

    def _handled(self, event: events.Key) -> bool:
        if event.key == "enter":
            before, after = self._around()
            self._put(newline(before, after).text, newline(before, after).back)
        elif event.key == "tab" and self.selected_text.count("\n"):
            self._shift(1)
        elif event.character is not None and event.is_printable:
            return self._type(event.character)
        else:
            return False
        return True

    def _type(self, character: str) -> bool:
        before, after = self._around()
        insertion = typed(character, before, after, self.selected_text)
        if insertion.skip:
            self.move_cursor_relative(columns=1)
        elif insertion.text == character:
            return False
        else:
            self._put(insertion.text, insertion.back)
        return True

    def _around(self) -> tuple[str, str]:
        """The line before and after the selection."""
        (top, left), (bottom, right) = sorted((self.selection.start, self.selection.end))
        return self.document.get_line(top)[:left], self.document.get_line(bottom)[right:]

    def _put(self, text: str, back: int) -> None:
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
        before, after = self._around()
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
        self._shift(-1)

    def action_comment(self) -> None:
        """Comment the selected lines out, or bring them back."""
        self._each_line(toggled)

    def _shift(self, by: int) -> None:
        self._each_line(lambda lines: shifted(lines, by))

    def _each_line(self, change: Callable[[list[str]], list[str]]) -> None:
        (top, _), (bottom, right) = sorted((self.selection.start, self.selection.end))
        if bottom > top and right == 0:
            bottom -= 1
        lines = [self.document.get_line(row) for row in range(top, bottom + 1)]
        changed = change(lines)
        row, column = self.cursor_location
        self.replace("\n".join(changed), (top, 0), (bottom, len(lines[-1])), maintain_selection_offset=False)
        grown = len(changed[-1]) - len(lines[-1])
        if bottom > top:
            self.selection = type(self.selection)((top, 0), (bottom, len(changed[-1])))
        else:
            self.move_cursor((row, max(0, column + grown)))

    def action_find(self) -> None:
        self.post_message(self.Asked(self, "find"))

    def action_complete(self) -> None:
        self.post_message(self.Asked(self, "complete"))

    def seek(self, words: str, *, back: bool = False) -> bool:
        """Select the next place where `words` stand; False where they stand nowhere."""
        start = min(self.selection.start, self.selection.end)
        place = find(self.document.lines, words, start, back=back)
        if place is None:
            return False
        row, column = place
        self.move_cursor((row, column))
        self.move_cursor((row, column + len(words)), select=True, center=True)
        return True

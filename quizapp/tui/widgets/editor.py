"""The code editor: Textual's text area with bracket pairs, indentation, comments, line marks and fast highlighting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from rich.text import Text
from textual import events

# The private modules are those that TextArea itself builds its document from; see `_set_document`.
from textual._tree_sitter import get_language
from textual.binding import Binding, BindingType
from textual.document._document_navigator import DocumentNavigator
from textual.document._syntax_aware_document import SyntaxAwareDocument
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Size
from textual.message import Message
from tree_sitter import Language, Query

from quizapp.text.pasted_code import clean_code
from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.editing import (
    Insertion,
    break_line,
    clean_pasted,
    find,
    indent_lines,
    is_empty_pair,
    outdent_width,
    toggle_comments,
    type_character,
)
from quizapp.tui.widgets.plain_text_area import PlainTextArea

MARGIN = 60
"""Lines above and below the visible ones that are highlighted with them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An error message shown on a line until the text changes."""

    row: int
    message: str
    column: int | None = None
    """Start of the underlined range; None for the start of the line."""

    end_column: int | None = None
    """End of the underlined range; None for the end of the line."""


@cache
def _python_grammar() -> tuple[Language, Query]:
    """Return Python's grammar and its compiled highlighting query."""
    grammar = get_language("python")
    assert grammar is not None
    return grammar, Query(grammar, CodeEditor._get_builtin_highlight_query("python"))


class CodeEditor(PlainTextArea):
    """A text area for Python, indented by four spaces."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+tab", "outdent", show=False),
        *bindings("editor"),
    ]

    class FindRequested(Message):
        """The find key was pressed; the surrounding pane opens its search bar."""

    class CompletionRequested(Message):
        """The completion key was pressed; the surrounding pane opens its list of names."""

    def __init__(
        self, text: str = "", intercept: Callable[[str], bool] = lambda key: False, *, id: str | None = None
    ) -> None:
        """`intercept` is called first with each key and returns whether it handled it, for the completion list."""
        # Set before `TextArea.__init__`, which calls methods overridden here.
        self._intercept = intercept
        self._mark: Mark | None = None
        self._highlighted_rows = (0, -1)
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
        """Show `mark`, or remove the current one."""
        if mark != self._mark:
            self._mark = mark
            self._refresh_size()
            if mark is not None:
                self.call_after_refresh(self._scroll_to_row, mark.row)
            self.notify_style_update()
            self.refresh()

    def _scroll_to_row(self, row: int) -> None:
        """Scroll a marked row into view: it may be hidden by the scrollbar that a long message causes."""
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if not top <= row < top + height:
            self.scroll_to(y=max(row - height // 2, 0), animate=False)

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        mark = self._mark
        if mark is not None and mark.row == line_index:
            # The text area maps cursor columns to the line's own text, so the message must come after it.
            length = len(line)
            line.stylize("underline", mark.column or 0, length if mark.end_column is None else mark.end_column)
            line.append(self._mark_text(mark, length), "bold red")
        return line

    def _mark_text(self, mark: Mark, length: int) -> str:
        """Return the mark's message, cut to the space to the right of a line of this length."""
        width = self.size.width - self.gutter_width - length - 5
        return f"  ✗ {fit(visible(mark.message).splitlines()[0], width).rstrip()}" if width > 0 else "  ✗"

    # Remove when TextArea has an API for text after the end of a line: it draws no further than its longest line,
    # and a mark may be longer.
    def _refresh_size(self) -> None:
        super()._refresh_size()
        if self._mark is not None:
            width, height = self.virtual_size
            self.virtual_size = Size(max(width, self.size.width), height)

    # Remove when TextArea.undo moves the cursor together with the text: it recomputes the cursor's offset in between,
    # when the cursor may be below the last line.
    def _recompute_cursor_offset(self) -> None:
        if self.cursor_location[0] < self.document.line_count:
            super()._recompute_cursor_offset()  # type: ignore[no-untyped-call]

    # Highlighting

    # Remove when TextArea keeps a compiled query per language: it compiles one for every new text, which takes half as
    # long as everything else that a new card needs.
    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, None)
        grammar, self._highlight_query = _python_grammar()
        self.document = SyntaxAwareDocument(text, grammar)
        self.wrapped_document = WrappedDocument(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()

    # Remove when TextArea highlights the visible lines only: it queries the whole text after each key.
    def _build_highlight_map(self) -> None:
        self._line_cache.clear()
        self._highlights.clear()
        if not self._highlight_query:
            return
        top = max(0, self.scroll_offset.y - MARGIN) if self.is_mounted else 0
        bottom = top + (self.size.height if self.is_mounted else 0) + 2 * MARGIN
        self._highlighted_rows = (top, bottom)
        captures = self.document.query_syntax_tree(self._highlight_query, (top, 0), (bottom, 0))
        for name, nodes in captures.items():
            for node in nodes:
                (row, start), (last, end) = node.start_point, node.end_point
                for line in range(max(row, top), min(last, bottom) + 1):
                    span = (start if line == row else 0, end if line == last else None, name)
                    self._highlights[line].append(span)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        top, bottom = self._highlighted_rows
        if self._highlight_query and not (top <= new_value and new_value + self.size.height <= bottom):
            self._build_highlight_map()

    # Keys

    def on_paste(self, event: events.Paste) -> None:
        """Clean the text, which the text area inserts afterwards."""
        event.text = clean_pasted(event.text)

    async def on_key(self, event: events.Key) -> None:
        if self.read_only:
            return
        if self._intercept(event.key):
            event.stop()
            event.prevent_default()
        elif self._handle_key(event):
            event.stop()
            event.prevent_default()
            self._restart_blink()

    def _handle_key(self, event: events.Key) -> bool:
        """Return whether the key was handled; the text area handles it otherwise."""
        if event.key == "enter":
            self._insert(break_line(*self._text_around_selection()))
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
        (top, _), (bottom, right) = sorted((self.selection.start, self.selection.end))
        if bottom > top and right == 0:
            # A selection that ends at the start of a line does not include that line.
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

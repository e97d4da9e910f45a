"""The code editor's text and its drawing: fast highlighting, soft wrap, underlined ranges with messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

# The private modules are those that TextArea itself builds its document from; see `_set_document`.
from textual._tree_sitter import get_language
from textual.document._document_navigator import DocumentNavigator
from textual.document._syntax_aware_document import SyntaxAwareDocument
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset, Size
from textual.widgets.text_area import Selection
from tree_sitter import Language, Query

from quizapp.text.printable import visible
from quizapp.tui.theme import use_syntax_colours
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.line_margin import LineMargin

MARGIN = 60
"""Lines above and below the visible ones that are highlighted with them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An underlined range with a message after its line, shown until the text changes."""

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
    return grammar, Query(grammar, CodeArea._get_builtin_highlight_query("python"))


class CodeArea(LineMargin):
    """A text area that shows Python with marks. It opens at the start of its text, wherever the cursor is."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"code-area--error", "code-area--problem"}
    DEFAULT_CSS = """
    CodeArea .code-area--error { color: $text-error; }
    CodeArea .code-area--problem { color: $text-warning; }
    """

    def __init__(self, text: str, *, soft_wrap: bool, id: str | None) -> None:
        # Set before `TextArea.__init__`, which calls methods overridden here.
        self._mark: Mark | None = None
        self._problems: Sequence[Mark] = ()
        self._marked_lines: Sequence[str] = ()
        """The lines of the problems, as they were when these were found."""

        self._highlighted_rows = (0, -1)
        self._initial_selection: Selection | None = None
        """The selection until the cursor is moved for the first time."""

        super().__init__(
            text,
            language="python",
            soft_wrap=soft_wrap,
            tab_behavior="indent",
            show_line_numbers=True,
            max_checkpoints=200,
            id=id,
        )

    def on_mount(self) -> None:
        use_syntax_colours(self)
        self.app.theme_changed_signal.subscribe(self, lambda _: use_syntax_colours(self))

    # A text opens at its start: before the first layout, and when a scrollbar appears, TextArea would scroll to the
    # cursor, which may be far from the start of its line.
    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        if not self.size:
            self._initial_selection = self.selection
        if self.selection != self._initial_selection:
            self._initial_selection = None
            return super().scroll_cursor_visible(center, animate)
        self._recompute_cursor_offset()
        return Offset()

    # Marks

    def mark(self, mark: Mark | None) -> None:
        """Show `mark`, the place that a verdict refers to, or remove the current one."""
        if mark != self._mark:
            self._mark = mark
            self._refresh_size()
            if mark is not None:
                self.call_after_refresh(self._scroll_to_row, mark.row)
            self._redraw_lines()

    def show_problems(self, problems: Sequence[Mark]) -> None:
        """Show problems that were found in the current text without running it, in place of the earlier ones."""
        if problems != self._problems:
            self._problems = problems
            self._marked_lines = [self.document.get_line(problem.row) for problem in problems]
            self._refresh_size()
            self._redraw_lines()

    def drop_outdated_problems(self) -> None:
        """Remove the problems of lines that have changed since they were found."""
        lines = dict(enumerate(self.document.lines))
        marked = zip(self._problems, self._marked_lines, strict=True)
        self.show_problems([problem for problem, line in marked if lines.get(problem.row) == line])

    def has_message(self, row: int) -> bool:
        """Return whether a mark or a problem is displayed after the line of this row."""
        return any(mark.row == row for mark in (*self._problems, self._mark) if mark is not None)

    def _redraw_lines(self) -> None:
        self.notify_style_update()
        self.refresh()

    def _scroll_to_row(self, row: int) -> None:
        """Scroll a marked row into view: it may be hidden by the scrollbar that a long message causes."""
        if row >= self.document.line_count:
            return
        y = self.wrapped_document.location_to_offset((row, 0)).y
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if not top <= y < top + height:
            self.scroll_to(y=max(y - height // 2, 0), animate=False)

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        # The text area maps cursor columns to the line's own text, so messages must come after it.
        length = len(line)
        mark = self._mark if self._mark is not None and self._mark.row == line_index else None
        problems = [problem for problem in self._problems if problem.row == line_index]
        for problem in [*problems, mark] if mark else problems:
            line.stylize("underline", problem.column or 0, length if problem.end_column is None else problem.end_column)
        if message := self._message(line_index):
            width = self._room_after(line_index)
            is_current = line_index == self.cursor_location[0]
            style = self.get_component_rich_style("code-area--error" if mark else "code-area--problem", partial=True)
            style += Style(bold=mark is not None, italic=mark is None, dim=mark is None and not is_current)
            line.append(f"  {fit(message, width).rstrip() if width > 2 else message[0]}", style)
        return line

    def _message(self, row: int) -> str:
        """Return the message of a row with its symbol: that of the verdict, else of its first problem."""
        if self._mark is not None and self._mark.row == row:
            return f"✗ {visible(self._mark.message)}".splitlines()[0]
        return next((f"! {problem.message}" for problem in self._problems if problem.row == row), "")

    def _room_after(self, row: int) -> int:
        """Return the cells to the right of the last section of a row."""
        last = self.wrapped_document.get_sections(row)[-1] if self.soft_wrap else self.document.get_line(row)
        return self.size.width - self.gutter_width - cell_len(last) - 3

    @property
    def hidden_message(self) -> str:
        """The message of the cursor's line if there is no room for it after the line."""
        message = self._message(self.cursor_location[0])
        return message if cell_len(message) > self._room_after(self.cursor_location[0]) else ""

    # Remove when TextArea has an API for text after the end of a line: it draws no further than its longest line,
    # and a message may be longer.
    def _refresh_size(self) -> None:
        super()._refresh_size()
        if (self._mark is not None or self._problems) and not self.soft_wrap:
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
        self._rewrap_and_refresh_virtual_size()

    # Remove when TextArea highlights the visible lines only: it queries the whole text after each key.
    def _build_highlight_map(self) -> None:
        self._line_cache.clear()
        self._highlights.clear()
        if not self._highlight_query:
            return
        top = max(0, self._row_at(self.scroll_offset.y) - MARGIN) if self.is_mounted else 0
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
        row = self._row_at(int(new_value))
        if self._highlight_query and not (top <= row and row + self.size.height <= bottom):
            self._build_highlight_map()

    def _row_at(self, y: int) -> int:
        """Return the row of the text that is drawn at `y`: a wrapped row takes several."""
        if not self.soft_wrap:
            return y
        return self.wrapped_document.offset_to_location(Offset(0, y))[0]

"""Short texts at the right edge of a text area: what each line of the answer bound when it was last run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from quizapp.text.printable import one_line
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.plain_text_area import PlainTextArea

if TYPE_CHECKING:
    from quizapp.sandbox.protocol import LineValue

GAP = 3
"""Least cells between the code, with the cursor after it, and the text."""

LEAST_WIDTH = 8
"""Cells below which a text is left out instead of being cut."""


def margin_texts(values: Iterable[LineValue]) -> dict[int, str]:
    """Return row -> text, rows from 0, for `LineMargin.show_bindings`; the texts are escaped."""
    return {value.line - 1: ("✗ " if value.is_error else "") + one_line(value.text) for value in values}


def with_margin(strip: Strip, text: str, used: int, width: int, style: Style) -> Strip:
    """Return `strip` with `text` at the end of its first `width` cells, cut to the room right of `used` cells.

    The text keeps the background of the cells that it replaces.
    """
    room = width - used - GAP
    if not text or room < min(LEAST_WIDTH, cell_len(text)):
        return strip
    text = fit(text, min(room, cell_len(text))).rstrip()
    start = width - cell_len(text)
    total = max(width, strip.cell_length)
    before, under, after = strip.adjust_cell_length(total).divide([start, width, total])
    base = next((segment.style for segment in under if segment.style), Style())
    return Strip.join([before, Strip([Segment(text, base + style)], cell_len(text)), after])


class LineMargin(PlainTextArea):
    """A text area with a text at the right edge of each line where there is room."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-margin--text"}
    DEFAULT_CSS = """
    LineMargin .line-margin--text { color: $text-muted; text-style: none; }
    """

    # Read while `TextArea.__init__` draws, before an attribute could be set.
    _texts: Mapping[int, str] = {}
    _described_text = ""

    def show_bindings(self, texts: Mapping[int, str]) -> None:
        """Show row -> text, rows from 0, in place of the current texts, until the text of the area changes."""
        self._texts, self._described_text = texts, self.text
        self._line_cache.clear()
        self.refresh()

    def has_message(self, row: int) -> bool:
        """Return whether something else is displayed after the line of this row."""
        return False

    def on_text_area_changed(self) -> None:
        # The message may be about a change before `show_bindings`.
        if self._texts and self.text != self._described_text:
            self.show_bindings({})

    def _render_line(self, y: int) -> Strip:
        strip = super()._render_line(y)
        if not self._texts:
            return strip
        lines = self.wrapped_document._offset_to_line_info
        y += self.scroll_offset.y
        row, section = lines[y] if y < len(lines) else (-1, 0)
        sections = self.wrapped_document.get_sections(row) if row in self._texts else []
        # Of a wrapped line, the last section has the room.
        if section != len(sections) - 1 or self.has_message(row):
            return strip
        code = self.gutter_width + cell_len(sections[-1].expandtabs(self.indent_width)) - self.scroll_offset.x
        used = max(code, cell_len(strip.text.rstrip()))
        style = Style(color=self.get_component_rich_style("line-margin--text").color)
        width = self.scrollable_content_region.width - 1
        return with_margin(strip, self._texts[row], used, width, style)

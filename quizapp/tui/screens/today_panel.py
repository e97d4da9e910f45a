"""The panel at the top of Home: what is left today, a calendar of recent weeks, and what Enter starts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual import events
from textual.color import Color
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from quizapp.tui.screens.today_text import LINES, NO_DECKS, WELCOME, paragraph, today_lines
from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.calendar_blocks import SHORT_WIDTH, TALL_WIDTH, Palette, short_calendar, tall_calendar
from quizapp.tui.widgets.columns import fit

if TYPE_CHECKING:
    from quizapp.review.today import Today

MIN_TEXT_WIDTH = 44
"""Width of the text beside which a calendar is shown."""

ENTER = "  Enter"


class TodayPanel(Widget):
    """A box of fixed height, so that nothing moves when the numbers arrive."""

    DEFAULT_CSS = """
    TodayPanel { height: 6; border: round $border-blurred; border-title-color: $text; padding: 0 1; }
    TodayPanel.-tall { height: 10; padding: 0 2; }
    """

    class StartClicked(Message):
        """The start button was clicked."""

    def __init__(self) -> None:
        super().__init__(id="today")
        self.border_title = "Today"
        self._today: Today | None = None
        self._lines: list[Content] | None = None
        """None: the welcome, or the advice about missing decks."""

        self._has_decks = True
        self._target = ""

    def show(self, today: Today, now: datetime, *, is_first: bool, has_decks: bool) -> None:
        """Show today's numbers, a welcome for a learner without reviews, or what to do without decks."""
        self._today, self._has_decks = today, has_decks
        self._lines = None if is_first or not has_decks else today_lines(today, now)
        self.refresh()

    def set_target(self, title: str) -> None:
        """Set the title of the deck that Enter starts; empty for all decks."""
        if title != self._target:
            self._target = title
            self.refresh()

    def render(self) -> Content:
        width, is_tall = self.content_size.width, self.has_class("-tall")
        right = self._calendar(width, is_tall=is_tall)
        left_width = width - (right[0].cell_length + 2 if right else 0)
        left = self._left(left_width, is_tall=is_tall)
        if not right:
            return Content("\n").join(left)
        left += [Content("")] * (len(right) - len(left))
        right += [Content("")] * (len(left) - len(right))
        lines = [Content.assemble(_pad(one, left_width + 2), other) for one, other in zip(left, right, strict=True)]
        return Content("\n").join(lines)

    def _left(self, width: int, *, is_tall: bool) -> list[Content]:
        """Return the text and the button below it."""
        lines = (self._text(width) + [Content("")] * LINES)[:LINES]
        label = fit(f"  ▶ Start  {self._target}".rstrip() + "  ", min(width - len(ENTER), 13 + len(self._target)))
        edge = self._button(" " * Content(label).cell_length)
        button = Content.assemble(self._button(label), (ENTER, MUTED))
        return [*lines, Content(""), edge, button, edge] if is_tall else [*lines, button]

    def _text(self, width: int) -> list[Content]:
        if self._today is None:
            return [Content.styled("opening the decks …", MUTED)]
        if self._lines is None:
            return paragraph(WELCOME if self._has_decks else NO_DECKS, width)
        return list(self._lines)

    def _button(self, text: str) -> Content:
        can_start = self._today is not None and self._has_decks
        style = "bold $button-color-foreground on $primary" if can_start else f"{MUTED} on $panel"
        return Content.styled(text, style).stylize(Style.from_meta({"start": True}))

    def _calendar(self, width: int, *, is_tall: bool) -> list[Content]:
        """Return the calendar's lines; none before the first review, or where there is no room."""
        calendar_width = TALL_WIDTH if is_tall else SHORT_WIDTH
        if self._today is None or self._lines is None or width - calendar_width - 2 < MIN_TEXT_WIDTH:
            return []
        accent = Color.parse(self.app.theme_variables["primary"])
        palette = Palette(self.background_colors[1], self.colors[3], accent)
        return (tall_calendar if is_tall else short_calendar)(self._today.reviews, self._today.day, palette)

    def on_click(self, event: events.Click) -> None:
        if event.style.meta.get("start"):
            self.post_message(self.StartClicked())


def _pad(line: Content, width: int) -> Content:
    return Content.assemble(line, " " * max(0, width - line.cell_length))

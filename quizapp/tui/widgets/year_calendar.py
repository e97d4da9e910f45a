"""The reviews of the past year: one column for each week, as many weeks as fit."""

from __future__ import annotations

from collections.abc import Mapping

from textual.color import Color
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.calendar_blocks import STEPS, Palette, tall_calendar

YEAR = 53
"""Weeks that contain every day of a year."""

NAMES_WIDTH = 4


class YearCalendar(Widget):
    """A title, a calendar with the months and the days of the week, and a legend."""

    DEFAULT_CSS = """
    YearCalendar { height: 10; text-wrap: nowrap; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._reviews: Mapping[int, int] = {}
        self._today = 0

    def show(self, reviews: Mapping[int, int], today: int) -> None:
        """Show the reviews of the year before `today`; days are ordinals."""
        self._reviews, self._today = reviews, today
        self.refresh()

    def render(self) -> Content:
        if not self._today:
            return Content("")
        weeks = max(1, min(YEAR, (self.content_size.width - NAMES_WIDTH) // 2))
        accent = Color.parse(self.app.theme_variables["primary"])
        palette = Palette(self.background_colors[1], self.colors[3], accent)
        title = Content.styled("Reviews a day" if weeks < YEAR else "Reviews a day, past year", "bold $text-accent")
        return Content("\n").join([title, *tall_calendar(self._reviews, self._today, palette, weeks), _legend(palette)])


def _legend(palette: Palette) -> Content:
    """Return each shade with the least number of reviews that it stands for."""
    labels = ("0", *(f"{least}+" for least in STEPS))
    parts = [
        Content.assemble((f"{label} ", MUTED), Content.styled("■", Style(foreground=colour)))
        for label, colour in zip(labels, palette.shades, strict=True)
    ]
    return Content(" " * NAMES_WIDTH) + Content("  ").join(parts)

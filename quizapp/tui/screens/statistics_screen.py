"""The statistics page: what review/statistics.py found, computed in a thread."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from textual import on, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from quizapp.services import Services
from quizapp.text.printable import visible
from quizapp.tui.messages import report_failure
from quizapp.tui.screens.base_screen import BaseScreen

BAR = re.compile("[▏▎▍▌▋▊▉█]+")

SIDES = 8
"""Columns beside the text: margins and the scrollbar."""


@dataclass
class StatisticsLoaded(Message, bubble=False):
    """The sections, each a heading and its text."""

    sections: list[tuple[str, str]]


class StatisticsScreen(BaseScreen):
    """Scrolls with the arrows."""

    CSS = """
    StatisticsScreen VerticalScroll { padding: 1 2; }
    StatisticsScreen Static { height: auto; margin: 0 0 1 0; }
    """
    place = "statistics"

    def body(self) -> Iterable[Widget]:
        with VerticalScroll():
            yield Static("counting …", id="counting", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def fill(self, services: Services) -> None:
        self._count(services, max(40, self.size.width - SIDES))

    @work(thread=True, exclusive=True, group="statistics", description="count")
    def _count(self, services: Services, width: int) -> None:
        from quizapp.review.days import Days
        from quizapp.review.report import sections
        from quizapp.review.statistics import statistics

        settings, now = self.app.settings, services.clock()
        days = Days(starts=settings.day_offset)
        with report_failure(self, "statistics"):
            found = statistics(services.store, services.library.cards(), days, now)
            today = date.fromordinal(days.of(now))
            none = [("Statistics", "No reviews yet: the first ones fill this page.")]
            told = sections(found, today, width, settings.desired_retention) if found.reviews else none
            self.post_message(StatisticsLoaded(told))

    @on(StatisticsLoaded)
    async def counted(self, event: StatisticsLoaded) -> None:
        area = self.query_one(VerticalScroll)
        await area.remove_children()
        await area.mount_all(
            Static(Content.styled(f"{title}\n\n", "bold $text-accent") + _coloured(text))
            for title, text in event.sections
        )

    def on_resize(self) -> None:
        if self.app.services is not None and not self.query("#counting"):
            self.fill(self.app.services)


def _coloured(text: str) -> Content:
    """The report with its bars in the theme's colour."""
    return Content(visible(text)).highlight_regex(BAR, style="$primary")

"""The statistics page: the report of review/analysis/statistics.py, computed in a thread."""

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

HORIZONTAL_SPACE = 8
"""Width of the padding and the scrollbar."""

MIN_WIDTH = 40


@dataclass
class StatisticsLoaded(Message, bubble=False):
    """The report's sections, each a heading and its text."""

    sections: list[tuple[str, str]]


class StatisticsScreen(BaseScreen):
    """A scrollable page with the sections of the report."""

    CSS = """
    StatisticsScreen VerticalScroll { padding: 1 2; }
    StatisticsScreen Static { height: auto; margin: 0 0 1 0; }
    """
    heading = "statistics"

    def compose_body(self) -> Iterable[Widget]:
        with VerticalScroll():
            yield Static("counting …", id="counting", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def load(self, services: Services) -> None:
        self._load_statistics(services, max(MIN_WIDTH, self.size.width - HORIZONTAL_SPACE))

    @work(thread=True, exclusive=True, group="statistics", description="count")
    def _load_statistics(self, services: Services, width: int) -> None:
        from quizapp.review.analysis.report import sections
        from quizapp.review.analysis.statistics import statistics
        from quizapp.review.days import Days

        settings, now = self.app.settings, services.clock()
        days = Days(starts=settings.day_offset)
        with report_failure(self, "statistics"):
            report = statistics(services.store, services.library.cards(), days, now)
            today = date.fromordinal(days.of(now))
            no_reviews = [("Statistics", "No reviews yet.")]
            self.post_message(
                StatisticsLoaded(
                    sections(report, today, width, settings.desired_retention) if report.reviews else no_reviews
                )
            )

    @on(StatisticsLoaded)
    async def show_statistics(self, event: StatisticsLoaded) -> None:
        area = self.query_one(VerticalScroll)
        await area.remove_children()
        await area.mount_all(
            Static(Content.styled(f"{title}\n\n", "bold $text-accent") + _colour_bars(text))
            for title, text in event.sections
        )

    def on_resize(self) -> None:
        # Not on the first layout, when the report is already being computed.
        if self.app.services is not None and not self.query("#counting"):
            self.load(self.app.services)


def _colour_bars(text: str) -> Content:
    """Return the text with its bars in the theme's primary colour."""
    return Content(visible(text)).highlight_regex(BAR, style="$primary")

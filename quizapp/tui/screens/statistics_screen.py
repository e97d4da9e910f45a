"""The statistics page: tiles, a calendar, charts and tables of review/analysis, computed in a thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual import on, work
from textual.containers import Container, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from quizapp.services import Services
from quizapp.tui.messages import report_failure
from quizapp.tui.screens.base_screen import BaseScreen
from quizapp.tui.screens.statistics_text import TILES, Tile, charts_at, empty_page, tables_at, tiles
from quizapp.tui.widgets.width_block import WidthBlock
from quizapp.tui.widgets.year_calendar import YearCalendar

if TYPE_CHECKING:
    from quizapp.review.analysis.statistics import Statistics
    from quizapp.review.today import Today

FOUR_TILES_WIDTH = 76
"""Least width of a screen with the tiles in one row."""

TALL_HEIGHT = 30
"""Least height of a screen with blank lines in the tiles."""


@dataclass
class StatisticsLoaded(Message, bubble=False):
    """The statistics, and what is left of today."""

    found: Statistics
    today: Today


class StatisticsScreen(BaseScreen):
    """A scrollable page. The tiles are there at once; their numbers and everything below follow."""

    CSS = """
    StatisticsScreen VerticalScroll { padding: 1 0 0 2; scrollbar-size-vertical: 1; }
    StatisticsScreen #tiles {
        layout: grid; grid-size: 4; grid-gutter: 0 1; grid-rows: 5; height: auto; margin: 0 2 0 0;
    }
    StatisticsScreen .tile { padding: 1 2; background: $surface; text-wrap: nowrap; text-overflow: ellipsis; }
    StatisticsScreen #counted { height: 1; margin: 1 0; color: $text-muted; }
    StatisticsScreen WidthBlock, StatisticsScreen YearCalendar { margin: 0 2 1 0; }
    StatisticsScreen.-short #tiles { grid-rows: 3; }
    StatisticsScreen.-short .tile { padding: 0 1 0 2; }
    StatisticsScreen.-narrow #tiles { grid-size: 2; grid-gutter: 1 1; }
    StatisticsScreen.-empty #tiles, StatisticsScreen.-empty #counted { display: none; }
    StatisticsScreen #empty { max-width: 72; padding: 1 2; background: $surface; display: none; }
    StatisticsScreen.-empty #empty { display: block; }
    """
    heading = "statistics"

    def compose_body(self) -> Iterable[Widget]:
        with VerticalScroll():
            with Container(id="tiles"):
                for label in TILES:
                    yield Static(Tile(label).content, classes="tile", markup=False)
            yield Static("counting …", id="counted", markup=False)
            yield WidthBlock(id="empty")

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        self.set_class(self.size.width < FOUR_TILES_WIDTH, "-narrow")
        self.set_class(self.size.height < TALL_HEIGHT, "-short")

    def load(self, services: Services) -> None:
        self._load_statistics(services)

    @work(thread=True, exclusive=True, group="statistics", description="count")
    def _load_statistics(self, services: Services) -> None:
        """Compute the statistics in a thread: they read the whole history."""
        from quizapp.review.analysis.statistics import statistics
        from quizapp.review.days import Days
        from quizapp.review.today import today

        settings, now = self.app.settings_of_today, services.clock()
        days = Days(starts=settings.day_offset)
        with report_failure(self, "statistics"):
            found = statistics(services.store, services.library.cards(), days, now)
            left = today(services.store, settings, days, now, services.library.card)
            self.post_message(StatisticsLoaded(found, left))

    @on(StatisticsLoaded)
    async def show_statistics(self, event: StatisticsLoaded) -> None:
        from quizapp.review.analysis.report import overview

        found, today, desired = event.found, event.today, self.app.settings.desired_retention
        self.set_class(not found.reviews, "-empty")
        if not found.reviews:
            self.query_one("#empty", WidthBlock).show(empty_page)
            return
        for widget, tile in zip(self.query(".tile").results(Static), tiles(found, today, desired), strict=True):
            widget.update(tile.content)
        self.query_one("#counted", Static).update(overview(found))
        if not self.query(YearCalendar):
            area = self.query_one(VerticalScroll)
            await area.mount_all([YearCalendar(), WidthBlock(id="charts"), WidthBlock(id="tables")])
        day = date.fromordinal(today.day)
        self.query_one(YearCalendar).show(today.reviews, today.day)
        self.query_one("#charts", WidthBlock).show(lambda width: charts_at(found, day, width, desired))
        self.query_one("#tables", WidthBlock).show(lambda width: tables_at(found, width, desired))

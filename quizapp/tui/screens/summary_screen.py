"""The end of a session: its reviews, the mistakes made, what is due tomorrow, and practice of a mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Center, Middle, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from quizapp.review.session import Summary
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import ActionDone, ActionFailed, SandboxReady, report_failure
from quizapp.tui.screens.summary_text import common_mistakes, render_forecast, render_summary
from quizapp.tui.widgets.key_bar import KeyBar
from quizapp.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from quizapp.review.today import Forecast
    from quizapp.services import Services
    from quizapp.tui.app import PtquizApp
    from quizapp.tui.study.study_controller import StudyController

SHORT_HEIGHT = 24
"""Screen height below which the box has no padding."""

PRACTICE_CARDS = 3
"""Cards of a practice of one mistake."""


@dataclass
class ForecastLoaded(Message, bubble=False):
    """What is due tomorrow."""

    forecast: Forecast


class SummaryScreen(Screen[None]):
    """A summary of the session, from which the last rating can still be undone."""

    CSS = """
    SummaryScreen Middle { height: 1fr; }
    SummaryScreen #box {
        width: 56; max-width: 100%; height: auto; max-height: 100%; padding: 1 3; border: round $border-blurred;
        overflow-y: auto;
    }
    SummaryScreen.-short #box { padding: 0 3; }
    SummaryScreen #box > Static { height: auto; }
    SummaryScreen #forecast { margin: 1 0 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("summary")]
    app: PtquizApp

    def __init__(self, summary: Summary, now: datetime, controller: StudyController) -> None:
        super().__init__()
        self._summary, self._now, self._controller = summary, now, controller
        self._mistakes = common_mistakes(summary)
        self.marked = 0
        """Place of the marked mistake among the most frequent."""

    def compose(self) -> ComposeResult:
        yield TopBar("practice complete" if self._summary.is_practice else "session complete")
        with Middle(), Center(), Vertical(id="box"):
            yield Static(render_summary(self._summary, self._now, self.marked), id="done", markup=False)
            # An empty line until the forecast is loaded, so that nothing moves.
            yield Static(" ", id="forecast", markup=False)
        yield KeyBar()

    def on_resize(self) -> None:
        self.set_class(self.size.height < SHORT_HEIGHT, "-short")

    def on_mount(self) -> None:
        if self.app.services is not None:
            self._load_forecast(self.app.services)

    @work(thread=True, exclusive=True, group="forecast", description="count the cards due tomorrow")
    def _load_forecast(self, services: Services) -> None:
        from quizapp.review.days import Days
        from quizapp.review.today import tomorrow

        with report_failure(self, "forecast"):
            days = Days(None, self.app.settings.day_offset)
            self.post_message(ForecastLoaded(tomorrow(services.store, days, services.clock())))

    @on(ForecastLoaded)
    def show_forecast(self, event: ForecastLoaded) -> None:
        self.query_one("#forecast", Static).update(render_forecast(event.forecast))

    @on(SandboxReady)
    def show_tier(self, event: SandboxReady) -> None:
        self.query_one(TopBar).tier = event.machine.tier

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the actions on mistakes if none was made."""
        return bool(self._mistakes) if action in ("practice", "mark") else super().check_action(action, parameters)

    def action_mark(self, by: int) -> None:
        """Mark the next or the previous mistake."""
        self._mark(max(0, min(self.marked + by, len(self._mistakes) - 1)))

    def _mark(self, index: int) -> None:
        self.marked = index
        self.query_one("#done", Static).update(render_summary(self._summary, self._now, index))

    def on_click(self, event: events.Click) -> None:
        index = event.style.meta.get("mistake")
        if index is not None:
            self._mark(index)
            self.action_practice()

    def action_practice(self) -> None:
        """Practise cards with the marked mistake, in place of the summary."""
        from quizapp.review.practice import PracticeFilter

        mistake = self._mistakes[self.marked][0]
        self.dismiss()
        self.app.study(practice=PracticeFilter(mistake=mistake, limit=PRACTICE_CARDS))

    def action_leave(self) -> None:
        self.dismiss()

    def action_undo(self) -> None:
        self._act("undo")

    @work(thread=True, exclusive=True, group="session", description="undo or redo a rating")
    def _act(self, action: str) -> None:
        with report_failure(self, action):
            self.post_message(self._controller.act(action))

    @on(ActionDone)
    def resume_study(self, event: ActionDone) -> None:
        if event.message:
            self.notify(event.message, markup=False)
        if event.loads_next:
            self.app.resume_study(self._controller)

    @on(ActionFailed)
    def show_failure(self, event: ActionFailed) -> None:
        self.notify(event.line, severity="error", markup=False)

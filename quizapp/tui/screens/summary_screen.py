"""The summary at the end of a session: its reviews and the next due date."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Center, Middle
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from quizapp.review.session import Summary
from quizapp.text.counting import plural
from quizapp.text.durations import short_duration
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import ActionDone, ActionFailed, report_failure
from quizapp.tui.widgets.key_bar import KeyBar
from quizapp.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from quizapp.tui.app import PtquizApp
    from quizapp.tui.study.study_controller import StudyController


class SummaryScreen(Screen[None]):
    """A summary of the session, from which the last rating can still be undone."""

    CSS = """
    SummaryScreen Middle { height: 1fr; }
    SummaryScreen #done { width: auto; padding: 1 4; border: round $success; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("summary")]
    app: PtquizApp

    def __init__(self, summary: Summary, now: datetime, controller: StudyController) -> None:
        super().__init__()
        self._text = render_summary(summary, now)
        self._controller = controller

    def compose(self) -> ComposeResult:
        yield TopBar("session complete")
        with Middle(), Center():
            yield Static(self._text, id="done", markup=False)
        yield KeyBar()

    def action_leave(self) -> None:
        self.dismiss()

    @work(thread=True, exclusive=True, group="session", description="undo the last rating")
    def action_undo(self) -> None:
        with report_failure(self, "undo"):
            self.post_message(self._controller.act("undo"))

    @on(ActionDone)
    def resume_study(self, event: ActionDone) -> None:
        if event.message:
            self.notify(event.message, markup=False)
        if event.loads_next:
            self.app.resume_study(self._controller)

    @on(ActionFailed)
    def show_failure(self, event: ActionFailed) -> None:
        self.notify(event.line, severity="error", markup=False)


def render_summary(summary: Summary, now: datetime) -> Content:
    """Return the numbers of the session and the next due date."""
    if summary.reviews:
        title = f"✓ {plural(summary.reviews, 'card')} in {summary.minutes:.0f} min"
        lines = [f"{summary.passed} correct", f"{summary.again} to see again", f"{summary.new} new"]
    else:
        title, lines = "Nothing is due", []
    if summary.next_due is not None:
        span = short_duration(summary.next_due - now)
        when = summary.next_due.astimezone().strftime("%Y-%m-%d %H:%M")
        lines += ["", f"next card {'now' if span == 'now' else f'in {span}, {when}'}"]
    elif not summary.reviews:
        lines += ["", "no card is scheduled yet"]
    return Content.assemble((title + "\n\n", "bold $text-success"), "\n".join(lines).strip("\n"))

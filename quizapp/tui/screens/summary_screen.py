"""The end of a session: what was done, and when the next card is due."""

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
    """Nothing is left for today; the last rating can still be taken back."""

    CSS = """
    SummaryScreen Middle { height: 1fr; }
    SummaryScreen #done { width: auto; padding: 1 4; border: round $success; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("summary")]
    app: PtquizApp

    def __init__(self, summary: Summary, now: datetime, desk: StudyController) -> None:
        super().__init__()
        self._text = report(summary, now)
        self._desk = desk

    def compose(self) -> ComposeResult:
        yield TopBar("done for now")
        with Middle(), Center():
            yield Static(self._text, id="done", markup=False)
        yield KeyBar()

    def action_leave(self) -> None:
        self.dismiss()

    @work(thread=True, exclusive=True, group="desk", description="take the last rating back")
    def action_undo(self) -> None:
        with report_failure(self, "undo"):
            self.post_message(self._desk.act("undo"))

    @on(ActionDone)
    def acted(self, event: ActionDone) -> None:
        if event.said:
            self.notify(event.said, markup=False)
        if event.moves_on:
            self.app.sit_again(self._desk)

    @on(ActionFailed)
    def failed(self, event: ActionFailed) -> None:
        self.notify(event.line, severity="error", markup=False)


def report(summary: Summary, now: datetime) -> Content:
    """The session in a few lines."""
    if summary.reviews:
        title = f"✓ {plural(summary.reviews, 'card')} in {summary.minutes:.0f} min"
        lines = [f"{summary.passed} answered rightly", f"{summary.again} to see again", f"{summary.new} new"]
    else:
        title, lines = "Nothing is due", []
    if summary.next_due is not None:
        span = short_duration(summary.next_due - now)
        when = summary.next_due.astimezone().strftime("%Y-%m-%d %H:%M")
        lines += ["", f"next card {'now' if span == 'now' else f'in {span}, {when}'}"]
    elif not summary.reviews:
        lines += ["", "no card waits for any day yet"]
    return Content.assemble((title + "\n\n", "bold $text-success"), "\n".join(lines).strip("\n"))

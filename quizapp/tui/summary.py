"""The end of a session: what was done, and when the next card is due."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Middle
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from quizapp.review.session import Summary
from quizapp.tui.amounts import interval, plural
from quizapp.tui.keybar import KeyBar
from quizapp.tui.keys import bindings
from quizapp.tui.topbar import TopBar

if TYPE_CHECKING:
    from quizapp.tui.app import PtquizApp


class SummaryScreen(Screen[None]):
    """Nothing is left for today."""

    CSS = """
    SummaryScreen Middle { height: 1fr; }
    SummaryScreen #done { width: auto; padding: 1 4; border: round $success; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "leave", "Home"), *bindings("page")]
    app: PtquizApp

    def __init__(self, summary: Summary, now: datetime) -> None:
        super().__init__()
        self._text = report(summary, now)

    def compose(self) -> ComposeResult:
        yield TopBar("done for now")
        with Middle(), Center():
            yield Static(self._text, id="done", markup=False)
        yield KeyBar()

    def action_leave(self) -> None:
        self.dismiss()


def report(summary: Summary, now: datetime) -> Content:
    """The session in a few lines."""
    if summary.reviews:
        title = f"✓ {plural(summary.reviews, 'card')} in {summary.minutes:.0f} min"
        lines = [f"{summary.passed} answered rightly", f"{summary.again} to see again", f"{summary.new} new"]
    else:
        title, lines = "Nothing is due", []
    if summary.next_due is not None:
        span = interval(summary.next_due - now)
        when = summary.next_due.astimezone().strftime("%Y-%m-%d %H:%M")
        lines += ["", f"next card {'now' if span == 'now' else f'in {span}, {when}'}"]
    elif not summary.reviews:
        lines += ["", "no card waits for any day yet"]
    return Content.assemble((title + "\n\n", "bold $text-success"), "\n".join(lines).strip("\n"))

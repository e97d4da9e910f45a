"""The earlier answers to a card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quizapp.text.labels import outcome_label
from quizapp.text.printable import one_line
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.highlighting import highlight_python
from quizapp.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from quizapp.review.store import Attempt


class AttemptsPane(Vertical):
    """A list of attempts, latest first, and the text of the highlighted one."""

    DEFAULT_CSS: ClassVar[str] = """
    AttemptsPane { padding: 0 1; }
    AttemptsPane VirtualList { height: auto; max-height: 50%; }
    AttemptsPane VerticalScroll { height: 1fr; margin: 1 0 0 0; }
    """

    def __init__(self) -> None:
        super().__init__(id="attempts")
        self.border_title = "Attempts"

    def compose(self) -> ComposeResult:
        yield VirtualList["Attempt"](_draw_attempt, id="past")
        with VerticalScroll(can_focus=False):
            yield Static("", id="past-text", markup=False)

    def show(self, attempts: Sequence[Attempt]) -> None:
        rows: VirtualList[Attempt] = self.query_one("#past", VirtualList)
        rows.show(attempts, 0)
        self.show_current()

    @on(VirtualList.Highlighted, "#past")
    def show_current(self) -> None:
        rows: VirtualList[Attempt] = self.query_one("#past", VirtualList)
        attempt = rows.current
        text = highlight_python(attempt.answer) if attempt else Content("No answer submitted to this card yet.")
        self.query_one("#past-text", Static).update(text)


def _draw_attempt(attempt: Attempt, width: int) -> Content:
    """Return an attempt as one line: symbol, time, outcome, and the verdict's summary."""
    label = outcome_label(attempt.outcome)
    when = attempt.at.astimezone().strftime("%Y-%m-%d %H:%M")
    line = fit(f"{label.symbol} {when}  {one_line(attempt.outcome):<8} {one_line(attempt.summary or '')}", width)
    return Content(line).stylize(f"$text-{label.colour}", 0, 1)

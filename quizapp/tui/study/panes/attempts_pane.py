"""What was answered to this card before: a list, and the text of the one under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quizapp.grading.verdict import Outcome
from quizapp.text.labels import OUTCOME_LABELS
from quizapp.text.printable import visible
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.highlighting import python
from quizapp.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from quizapp.review.store import Attempt


class AttemptsPane(Vertical):
    """The latest first."""

    DEFAULT_CSS: ClassVar[str] = """
    AttemptsPane { padding: 0 1; }
    AttemptsPane VirtualList { height: auto; max-height: 50%; }
    AttemptsPane VerticalScroll { height: 1fr; margin: 1 0 0 0; }
    """

    def __init__(self) -> None:
        super().__init__(id="attempts")
        self.border_title = "Attempts"

    def compose(self) -> ComposeResult:
        yield VirtualList["Attempt"](draw, id="past")
        with VerticalScroll(can_focus=False):
            yield Static("", id="past-text", markup=False)

    def show(self, attempts: Sequence[Attempt]) -> None:
        rows: VirtualList[Attempt] = self.query_one("#past", VirtualList)
        rows.show(attempts, 0)
        self.moved()

    @on(VirtualList.Moved, "#past")
    def moved(self) -> None:
        rows: VirtualList[Attempt] = self.query_one("#past", VirtualList)
        attempt = rows.current
        shown = python(attempt.answer) if attempt else Content("No answer was ever submitted to this card.")
        self.query_one("#past-text", Static).update(shown)


def draw(attempt: Attempt, width: int) -> Content:
    """When, what became of it, and the verdict in one line."""
    outcome = Outcome(attempt.outcome)
    label = OUTCOME_LABELS[outcome]
    when = attempt.at.astimezone().strftime("%Y-%m-%d %H:%M")
    line = fit(f"{label.symbol} {when}  {outcome.value:<8} {visible(attempt.said or '')}", width)
    return Content(line).stylize(f"$text-{label.colour}", 0, 1)

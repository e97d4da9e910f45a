"""The earlier answers to a card, and what the current answer changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quizapp.text.labels import outcome_label
from quizapp.text.printable import one_line
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.panes.diff import render_diff
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.highlighting import highlight_python
from quizapp.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from quizapp.review.store import Attempt


EMPTY = "No answer submitted to this card yet."
SAME = "The same as your answer now"
DIFFERENT = "- this attempt   + your answer now"


class AttemptsPane(Vertical):
    """A list of attempts, latest first, and what differs between the highlighted one and the current answer."""

    DEFAULT_CSS: ClassVar[str] = """
    AttemptsPane { padding: 0 1; }
    AttemptsPane VirtualList { height: auto; max-height: 50%; }
    AttemptsPane #past-label { height: 1; margin: 1 0 0 0; text-style: bold; }
    AttemptsPane VerticalScroll { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__(id="attempts")
        self.border_title = "Attempts"

    def compose(self) -> ComposeResult:
        yield VirtualList["Attempt"](_draw_attempt, id="past")
        yield Static("", id="past-label", markup=False)
        with VerticalScroll(can_focus=False):
            yield Static("", id="past-text", markup=False)

    def show(self, attempts: Sequence[Attempt]) -> None:
        rows: VirtualList[Attempt] = self.query_one("#past", VirtualList)
        rows.show(attempts, 0)
        self.show_current()

    # The answer may have changed since the pane was seen last.
    @on(events.Show)
    @on(events.DescendantFocus)
    @on(VirtualList.Highlighted, "#past")
    def show_current(self) -> None:
        """Show the highlighted attempt, compared with the answer as it is now."""
        rows: VirtualList[Attempt] = self.query_one("#past", VirtualList)
        attempt, answer = rows.current, self._answer
        label, text = "", Content(EMPTY)
        if attempt is not None and (answer is None or answer.rstrip() == attempt.answer.rstrip()):
            label, text = "" if answer is None else SAME, highlight_python(attempt.answer)
        elif attempt is not None and answer is not None:
            label, text = DIFFERENT, render_diff(attempt.answer, answer)
        self.query_one("#past-label", Static).update(label)
        self.query_one("#past-text", Static).update(text)

    @property
    def _answer(self) -> str | None:
        """The current answer; None without an answer pane."""
        return next((pane.answer for pane in self.screen.query(AnswerPane)), None)


def _draw_attempt(attempt: Attempt, width: int) -> Content:
    """Return an attempt as one line: symbol, time, outcome, and the verdict's summary."""
    label = outcome_label(attempt.outcome)
    when = attempt.at.astimezone().strftime("%Y-%m-%d %H:%M")
    line = fit(f"{label.symbol} {when}  {one_line(attempt.outcome):<8} {one_line(attempt.summary or '')}", width)
    return Content(line).stylize(f"$text-{label.colour}", 0, 1)

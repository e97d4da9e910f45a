"""The view of a study session: shows cards, verdicts and messages. Independent of the session and its state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.screen import Screen

from quizapp.decks.card import Card
from quizapp.grading.verdict import Verdict
from quizapp.text.labels import OUTCOME_LABELS
from quizapp.text.printable import visible
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.layout import Pane, PaneLayout
from quizapp.tui.study.pane_stack import PaneStack
from quizapp.tui.study.panes.attempts_pane import AttemptsPane
from quizapp.tui.study.panes.console_pane import ConsolePane
from quizapp.tui.study.panes.output_pane import OutputPane
from quizapp.tui.study.panes.question_pane import QuestionPane
from quizapp.tui.study.panes.reference_pane import ReferencePane
from quizapp.tui.study.panes.verdict_pane import VerdictPane
from quizapp.tui.study.rating_bar import RatingBar
from quizapp.tui.study.session_bar import SessionBar
from quizapp.tui.study.status_bar import StatusBar
from quizapp.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from quizapp.review.rating import Proposal
    from quizapp.review.remaining import Remaining
    from quizapp.review.session import Summary
    from quizapp.review.store import Attempt
    from quizapp.sandbox.protocol import Report
    from quizapp.tui.messages import Intervals

NEWS = "•"
"""Mark on the tab of a pane with new content."""


class PaneScreen(Screen[None]):
    """A screen of panes, a rating bar and a status line, with the actions that only change the view."""

    def compose(self) -> ComposeResult:
        yield SessionBar()
        yield PaneStack()
        yield RatingBar()
        yield StatusBar("looking for the next card …")
        yield KeyBar()

    @property
    def panes(self) -> PaneStack:
        return self.query_one(PaneStack)

    @property
    def answer_pane(self) -> AnswerPane:
        return self.query_one(AnswerPane)

    # Content

    def show_title(self, card: Card) -> None:
        self.query_one(SessionBar).heading = visible(f"{card.deck} · {card.title or card.id}")

    def show_session(self, remaining: Remaining, totals: Summary) -> None:
        """Show the cards that are left, and the reviews since the session began."""
        bar = self.query_one(SessionBar)
        bar.remaining, bar.totals = remaining, totals

    async def show_question(self, card: Card, hints_taken: int = 0) -> None:
        await self.query_one(QuestionPane).show(card, hints_taken)

    async def show_hint(self, card: Card, number: int) -> None:
        """Show a hint of `card`, counted from 1."""
        self.panes.show(Pane.QUESTION)
        await self.query_one(QuestionPane).show_hint(card, number)

    async def clear_results(self) -> None:
        """Remove verdict, output, reference and ratings of the previous card."""
        await self.query_one(ReferencePane).close()
        self.query_one(VerdictPane).clear()
        self.query_one(OutputPane).clear()
        self.query_one(ConsolePane).clear()
        self.query_one(RatingBar).close()
        for pane in (Pane.VERDICT, Pane.OUTPUT, Pane.REFERENCE):
            self.panes.mark(pane, "")

    def show_attempts(self, attempts: Sequence[Attempt]) -> None:
        self.query_one(AttemptsPane).show(attempts)
        self.panes.mark(Pane.ATTEMPTS, str(len(attempts) or ""))

    def show_verdict(self, verdict: Verdict, answer: str, note: str, *, compares: bool) -> None:
        """Show a verdict in the verdict, answer and output panes; with `compares`, expected and got at once."""
        self.query_one(VerdictPane).show(verdict, note, compares=compares)
        self.answer_pane.show_verdict(verdict, answer)
        self.panes.mark(Pane.VERDICT, OUTCOME_LABELS[verdict.outcome].symbol)
        self.panes.mark(Pane.OUTPUT, NEWS if self.query_one(OutputPane).show_graded(verdict) else "")

    def show_scratch(self, report: Report) -> None:
        """Show the output of a scratch run."""
        self.query_one(OutputPane).show_scratch(report)
        self.panes.mark(Pane.OUTPUT, NEWS)

    async def show_reference(self, card: Card, answer: str, truth: str) -> None:
        await self.query_one(ReferencePane).open(card, answer, truth)
        self.panes.mark(Pane.REFERENCE, NEWS)

    def show_ratings(self, proposal: Proposal, intervals: Intervals) -> None:
        self.query_one(RatingBar).open(proposal, intervals)

    def show_status(self, text: str, *, error: bool = False) -> None:
        self.query_one(StatusBar).show_status(text, error=error)

    def show_progress(self, progress: Callable[[], str]) -> None:
        """Show what the screen is waiting for until the next status."""
        self.query_one(StatusBar).show_progress(progress)

    # Actions

    def action_show(self, name: str) -> None:
        self.panes.show_and_focus(Pane(name))

    def action_scroll_tab(self, lines: int) -> None:
        """Scroll the pane of the current tab while the rating bar has the focus."""
        self.panes.scroll_tab(lines)

    def action_sides(self) -> None:
        self.query_one(VerdictPane).toggle_sides()
        self.panes.show(Pane.VERDICT)

    def action_enlarge(self) -> None:
        self.panes.toggle_enlarged()

    @property
    def is_single_pane(self) -> bool:
        """Whether the terminal has room for one pane only."""
        return self.panes.pane_layout is PaneLayout.SINGLE

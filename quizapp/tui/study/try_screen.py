"""Runs that are not graded: trying the answer, the console, the values of each line, and the live checks."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.message import Message

from quizapp.decks.card import CardKind
from quizapp.tui.messages import (
    ActionFailed,
    ChecksTried,
    ConsoleFinished,
    LineValuesFound,
    ScratchFinished,
)
from quizapp.tui.status_texts import scratch_summary
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.layout import Pane, PaneLayout
from quizapp.tui.study.panes.console_pane import ConsolePane
from quizapp.tui.study.panes.verdict_pane import VerdictPane
from quizapp.tui.study.session_screen import SessionScreen
from quizapp.tui.study.study_state import Phase

LIVE_DELAY = 0.8
"""Seconds without a key press after which the live checks run."""


class TryScreen(SessionScreen):
    """A session whose answers can be run without being graded."""

    _is_checking = False
    """Whether the live checks are running."""

    # Runs that the learner waits for

    def run_waiting(self, description: str, operation: Callable[[], Message | None], name: str = "submit") -> None:
        """Run `operation` in a thread and show `description` until its message arrives; Esc cancels it."""
        self.enter(self.state.run())
        self.show_progress(lambda: description if self._is_warm else "waiting for the sandbox to warm up")
        self.request(operation, name)

    def cancel_run(self) -> None:
        self.controller.cancel()
        self.enter(self.state.resume())
        self.show_status("cancelled; nothing was graded")

    @property
    def _is_warm(self) -> bool:
        return self.app.services is None or self.app.services.sandbox.ready

    def action_scratch(self) -> None:
        card = self.state.card
        if card is not None and self.state.is_open:
            answer = self.answer_pane.answer
            self.run_waiting("running without grading", lambda: self.controller.scratch(card, answer))

    @on(ScratchFinished)
    def show_scratch_run(self, event: ScratchFinished) -> None:
        self.enter(self.state.resume())
        if event.card is self.state.card:
            self.show_scratch(event.report)
            self.answer_pane.show_line_values(event.report.lines, event.answer)
            self.show_status(scratch_summary(event.report))
            self.panes.show(Pane.OUTPUT)

    # The console

    @on(ConsolePane.Entered)
    def run_entered(self, event: ConsolePane.Entered) -> None:
        card = self.state.card
        if card is None or not self.state.is_open:
            self.query_one(ConsolePane).show_problem("wait for the current run")
            return
        self.run_waiting("running", lambda: self.controller.enter_code(card, event.code), "console")

    @on(ConsoleFinished)
    def show_entered(self, event: ConsoleFinished) -> None:
        self.enter(self.state.resume())
        self.show_status("")
        if event.report is None:
            self.query_one(ConsolePane).show_problem("cancelled")
        elif event.card is self.state.card:
            self.query_one(ConsolePane).show(event.report)

    @on(ActionFailed)
    def end_ungraded_run(self, event: ActionFailed) -> None:
        """Let the console and the live checks run again."""
        if event.operation == "console":
            self.query_one(ConsolePane).show_problem(event.line)
        elif event.operation == "live checks":
            self._is_checking = False

    # The values of each line

    def request_line_values(self, answer: str) -> None:
        """Find what each line of a wrong answer bound, in the background."""
        card = self.state.card
        if card is not None and card.kind is CardKind.CODE:
            self.request(lambda: self.controller.line_values(card, answer), "line values")

    @on(LineValuesFound)
    def show_line_values(self, event: LineValuesFound) -> None:
        if event.card is self.state.card and self.query(AnswerPane):
            self.answer_pane.show_line_values(event.values, event.answer)

    # Live checks

    @on(AnswerPane.Edited)
    def schedule_live_checks(self) -> None:
        if self.app.settings.live_checks:
            self.set_timer(LIVE_DELAY, self._run_live_checks)

    def _run_live_checks(self) -> None:
        card = self.state.card
        has_rested = self.query(AnswerPane) and not self.answer_pane.changed_within(0.9 * LIVE_DELAY)
        if card is None or self._is_checking or not has_rested or self.state.phase is not Phase.ANSWERING:
            return
        answer, self._is_checking = self.answer_pane.answer, True
        self.request(lambda: self.controller.check_states(card, answer), "live checks")

    @on(ChecksTried)
    def show_live_checks(self, event: ChecksTried) -> None:
        self._is_checking = False
        if event.card is not self.state.card or self.state.phase is not Phase.ANSWERING:
            return
        if event.answer != self.answer_pane.answer:
            # The learner typed on during the run.
            self.schedule_live_checks()
        elif event.states:
            self.query_one(VerdictPane).show_live(event.card, event.states)
            if self.panes.pane_layout in (PaneLayout.TWO, PaneLayout.THREE):
                # Where the question would disappear, it stays.
                self.panes.show(Pane.VERDICT)

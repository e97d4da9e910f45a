"""The screen on which cards are studied: answers, verdicts, hints, ratings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message

from quizapp.errors import PtquizError
from quizapp.grading.verdict import Outcome
from quizapp.review.memory import Rating
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import (
    ActionFailed,
    AnswerGraded,
    CardLoaded,
    Intervals,
    LanguageChanged,
    SandboxReady,
    ScratchFinished,
    SolutionRevealed,
    report_failure,
)
from quizapp.tui.status_texts import next_step, proposal_text, scratch_summary
from quizapp.tui.study.answers import create_answer_pane
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.layout import Pane
from quizapp.tui.study.rating_bar import RatingBar
from quizapp.tui.study.session_screen import SessionScreen
from quizapp.tui.study.study_state import Phase
from quizapp.tui.widgets.plain_text_area import PlainTextArea
from quizapp.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from quizapp.review.rating import Proposal


NOTICE_SECONDS = 20


class StudyScreen(SessionScreen):
    """A study session, card by card."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("study"), *bindings("rating")]
    # Each change of focus restyles the whole screen, so nothing is focused before the answer pane.
    AUTO_FOCUS = ""

    # A card arrives

    @on(CardLoaded)
    async def show_card(self, event: CardLoaded) -> None:
        if event.notice:
            self.app.notify(event.notice, severity="warning", timeout=NOTICE_SECONDS, markup=False)
        if event.card is None:
            assert event.summary is not None
            self.app.show_summary(event.summary, self.controller)
            return
        source = event.card
        self.state = self.state.load(source)
        self.controller.unsaved = None
        self.request(lambda: self.controller.prepare(source), "prepare")
        card = self.translated_card
        await self.show_question(card)
        answer_pane = create_answer_pane(card, event.draft, seed=self.app.clock().date().isoformat())
        await self.panes.mount_answer(answer_pane)
        self.state = self.state.sync_answer(answer_pane.answer)
        await self.clear_results()
        self.show_attempts(event.attempts)
        self.show_title(card)
        self.enter(self.state.start_answering())
        note = self.controller.session_note
        self.panes.show(Pane.QUESTION)
        if self.is_single_pane:
            self.panes.show_and_focus(Pane.QUESTION)
            self.show_status(note or "F9 goes to the answer")
        else:
            self.show_status("this card has changed since you last saw it" if event.changed else note)
            answer_pane.take_focus()

    @on(LanguageChanged)
    async def show_translation(self) -> None:
        if self.state.card is not None:
            card = self.translated_card
            await self.show_question(card, self.controller.hints_taken)
            self.show_title(card)

    @on(SandboxReady)
    def show_tier(self, event: SandboxReady) -> None:
        self.query_one(TopBar).tier = event.machine.tier

    # Runs and verdicts

    @on(AnswerPane.Submitted)
    def action_submit(self) -> None:
        if self.state.phase is Phase.ANSWERING:
            answer = self.answer_pane.answer
            self.sync_answer()
            if self.answer_pane.is_complete:
                self._run("grading your answer", lambda: self.controller.grade(answer))
            else:
                self.show_status("there is nothing to submit yet", error=True)

    def action_scratch(self) -> None:
        card = self.state.card
        if card is not None and self.state.is_open:
            answer = self.answer_pane.answer
            self._run("running without grading", lambda: self.controller.scratch(card, answer))

    def _run(self, description: str, operation: Callable[[], Message | None]) -> None:
        self.enter(self.state.run())
        self.show_progress(lambda: description if self._is_warm else "waiting for the sandbox to warm up")
        self.request(operation, "submit")

    @property
    def _is_warm(self) -> bool:
        return self.app.services is None or self.app.services.sandbox.ready

    def _cancel_run(self) -> None:
        self.controller.cancel()
        self.enter(self.state.resume())
        self.show_status("cancelled; nothing was graded")

    @on(AnswerGraded)
    async def show_graded(self, event: AnswerGraded) -> None:
        if event.card is not self.state.card:
            return
        verdict, is_rated = event.verdict, self.controller.is_rated
        self.enter(self.state.grade(passed=verdict.passed))
        self.show_verdict(verdict, event.answer, self.translated_card.note if verdict.passed else "")
        is_unreadable = verdict.outcome is Outcome.UNREADABLE
        if is_unreadable or verdict.outcome.rateable:
            self.answer_pane.mark_graded(event.answer, is_counted=not is_unreadable)
        self.show_attempts(event.attempts)
        # The message of an unreadable prediction belongs to the answer, which stays visible.
        if not is_unreadable:
            self.panes.show(Pane.VERDICT)
        has_next_step = is_rated or is_unreadable
        self.show_status(next_step(verdict, event.proposal) if has_next_step else self.controller.session_note)
        if verdict.passed:
            await self.show_reference(self.translated_card, event.answer, event.answer)
        self._propose(event.proposal, event.intervals)

    @on(ScratchFinished)
    def show_scratch_run(self, event: ScratchFinished) -> None:
        self.enter(self.state.resume())
        if event.card is self.state.card:
            self.show_scratch(event.report)
            self.show_status(scratch_summary(event.report))
            self.panes.show(Pane.OUTPUT)

    # Hints and giving up

    async def action_hint(self) -> None:
        if self.state.phase is Phase.ANSWERING:
            with report_failure(self, "hint"):
                await self._show_next_hint()

    async def _show_next_hint(self) -> None:
        card = self.translated_card
        if self.controller.take_hint() is None:
            self.show_status("there are no more hints" if card.hints else "this card has no hints")
            return
        taken = self.controller.hints_taken
        await self.show_hint(card, taken)
        self.show_status(f"hint {taken} of {len(card.hints)}; each lowers the proposed rating")

    def action_give_up(self) -> None:
        if self.state.phase is not Phase.ANSWERING:
            return
        if self.state.is_give_up_announced:
            self.request(self.controller.reveal, "give up")
        else:
            self.state = self.state.announce_give_up()
            self.show_status("press F7 again to give up and see the reference")

    @on(SolutionRevealed)
    async def show_solution(self, event: SolutionRevealed) -> None:
        if event.card is not self.state.card:
            return
        self.enter(self.state.reveal())
        answer = self.answer_pane.answer
        await self.show_reference(self.translated_card, answer, event.truth or answer)
        self.panes.show(Pane.REFERENCE)
        self.show_status(self.controller.session_note)
        self._propose(event.proposal, event.intervals)

    # Rating

    def _propose(self, proposal: Proposal | None, intervals: Intervals) -> None:
        if proposal is None:
            return
        self.state = self.state.propose(proposal.rating)
        # Until the card is done, digits belong to the answer.
        if self.state.phase is Phase.DONE:
            self.show_status(proposal_text(proposal))
            self.show_ratings(proposal, intervals)

    @on(RatingBar.Rated)
    def rate(self, event: RatingBar.Rated) -> None:
        self.action_rate(event.rating)

    def action_rate(self, number: int) -> None:
        if self.state.proposed is not None:
            self.act(lambda: self.controller.rate(Rating(number)))

    def action_next(self) -> None:
        """Accept the proposed rating, or skip the card if none is proposed."""
        proposed = self.state.proposed
        if self.state.phase is Phase.STUCK:
            self.fetch_card()
        elif proposed is None:
            self.act(lambda: self.controller.act("skip"))
        elif self.state.must_announce_leaving:
            self.state = self.state.announce_leaving()
            self.show_status(f"press F8 again to leave it unsolved, rated {proposed.label}")
        else:
            self.act(lambda: self.controller.rate(proposed))

    # Panes and leaving

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.state.offers(action)

    def action_pane(self) -> None:
        """Go to the next pane, or from the verdict on an unsolved card back to the answer."""
        if self.state.phase is Phase.ANSWERING and self.is_single_pane and self.panes.tab is Pane.VERDICT:
            self.panes.show_and_focus(Pane.ANSWER)
        else:
            self.panes.next()

    def action_external(self) -> None:
        """Open the answer in $EDITOR."""
        if self.state.phase is Phase.ANSWERING:
            try:
                self.answer_pane.edit_externally()
            except PtquizError as error:
                self.show_status(ActionFailed(error.message, error.hint).line, error=True)

    @on(PlainTextArea.Exited)
    def leave_answer(self) -> None:
        if self.state.phase is Phase.RUNNING:
            self._cancel_run()
        else:
            self.panes.leave_answer()
            self.show_status("command mode: F9 returns to the answer, Esc goes home")

    def action_leave(self) -> None:
        """Cancel a run, else restore an enlarged pane, else go home."""
        if self.state.phase is Phase.RUNNING:
            self._cancel_run()
        elif self.panes.is_enlarged:
            self.panes.toggle_enlarged()
        else:
            self.sync_answer()
            self.app.save_draft(self.controller)
            self.dismiss()

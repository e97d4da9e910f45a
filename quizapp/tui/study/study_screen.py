"""The screen on which cards are studied: answers, verdicts, hints, ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widget import Widget

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
    SolutionRevealed,
    UndoOffered,
    report_failure,
)
from quizapp.tui.status_texts import next_step, proposal_text
from quizapp.tui.study.answers import create_answer_pane
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.layout import Pane
from quizapp.tui.study.panes.verdict_pane import VerdictPane
from quizapp.tui.study.rating_bar import RatingBar
from quizapp.tui.study.session_bar import SessionBar
from quizapp.tui.study.study_controller import history_message
from quizapp.tui.study.study_state import Phase, Step
from quizapp.tui.study.try_screen import TryScreen
from quizapp.tui.widgets.plain_text_area import PlainTextArea, is_chord

if TYPE_CHECKING:
    from quizapp.review.rating import Proposal


NOTICE_SECONDS = 20


class StudyScreen(TryScreen):
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
        # One frame, so that no part of the screen is empty meanwhile.
        with self.app.batch_update():
            with self.app.batch_styles():
                await self._replace_card(event)
            self._start_answering(event)
        # After that frame: the thread would compete with it.
        self.call_after_refresh(self.request, lambda: self.controller.prepare(source), "prepare")

    async def _replace_card(self, event: CardLoaded) -> None:
        """Show the current card in every pane."""
        card = self.translated_card
        await self.show_question(card)
        answer_pane = create_answer_pane(card, event.draft, seed=self.app.clock().date().isoformat())
        await self.panes.mount_answer(answer_pane)
        self.state = self.state.sync_answer(answer_pane.answer)
        await self.clear_results()
        self.show_attempts(event.attempts)
        self.show_title(card)
        if event.remaining is not None and event.totals is not None:
            self.show_session(event.remaining, event.totals)
        self.enter(self.state.start_answering())
        self.panes.show(Pane.QUESTION)

    def _start_answering(self, event: CardLoaded) -> None:
        note = self.controller.session_note
        if self.is_single_pane:
            self.panes.show_and_focus(Pane.QUESTION)
            self.show_status(note or "type to answer; F9 goes to the answer")
        else:
            self.show_status("this card has changed since you last saw it" if event.changed else note)
            self.set_focus(self.answer_pane.field)
        if event.proposal is not None:
            self.enter(self.state.reveal())
            self._propose(event.proposal, event.intervals)

    @on(LanguageChanged)
    async def show_translation(self) -> None:
        if self.state.card is not None:
            card = self.translated_card
            await self.show_question(card, self.controller.hints_taken)
            self.show_title(card)

    @on(SandboxReady)
    def show_tier(self, event: SandboxReady) -> None:
        self.query_one(SessionBar).tier = event.machine.tier

    @property
    def _compares(self) -> bool:
        """Whether the settings show expected and got without being asked."""
        comparison = self.app.settings.comparison
        return comparison == "always" or (comparison == "second" and self.state.wrong_tries > 1)

    # Runs and verdicts

    @on(AnswerPane.Submitted)
    def action_submit(self) -> None:
        if self.state.phase is Phase.ANSWERING:
            answer = self.answer_pane.answer
            self.sync_answer()
            if self.answer_pane.is_complete:
                self.run_waiting("grading your answer", lambda: self.controller.grade(answer))
            else:
                self.show_status("there is nothing to submit yet", error=True)

    @on(AnswerGraded)
    async def show_graded(self, event: AnswerGraded) -> None:
        if event.card is self.state.card:
            with self.app.batch_update(), self.app.batch_styles():
                await self._show_graded(event)

    async def _show_graded(self, event: AnswerGraded) -> None:
        verdict, is_rated = event.verdict, self.controller.is_rated
        self.enter(self.state.grade(passed=verdict.passed))
        note = self.translated_card.note if verdict.passed else ""
        self.show_verdict(verdict, event.answer, note, compares=self._compares)
        is_unreadable = verdict.outcome is Outcome.UNREADABLE
        if is_unreadable or verdict.outcome.rateable:
            self.answer_pane.mark_graded(event.answer, is_counted=not is_unreadable)
        self.show_attempts(event.attempts)
        # The message of an unreadable prediction belongs to the answer, which stays visible.
        if not is_unreadable:
            self.panes.show(Pane.VERDICT)
        has_next_step = is_rated or is_unreadable
        self.show_status(next_step(verdict, event.proposal) if has_next_step else self.controller.session_note)
        if verdict.outcome in (Outcome.WRONG, Outcome.ERROR):
            self.request_line_values(event.answer)
        if verdict.passed:
            await self.show_reference(self.translated_card, event.answer, event.answer)
        self._propose(event.proposal, event.intervals)

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
        if self._is_confirmed(Step.GIVE_UP, "press F7 again to give up and see the reference"):
            self.request(self.controller.reveal, "give up")

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
        elif not self.state.would_rate_unsolved or self._is_confirmed(
            Step.RATE_UNSOLVED, f"press F8 again to leave it unsolved, rated {proposed.label}"
        ):
            self.act(lambda: self.controller.rate(proposed))

    def action_undo(self) -> None:
        """Name what would be undone; undo it if the key is pressed again."""
        if self.state.announced is Step.UNDO:
            self.act(lambda: self.controller.act("undo"))
        elif self.state.is_open:
            self.request(self.controller.offer_undo, "undo")

    @on(UndoOffered)
    def announce_undo(self, event: UndoOffered) -> None:
        if event.entry is None:
            self.show_status(history_message("undo", None, is_practice=bool(self.controller.session_note)))
        else:
            self._is_confirmed(Step.UNDO, f"press the same key again to undo: {event.entry}")

    def _is_confirmed(self, step: Step, request: str) -> bool:
        """Return whether the key of `step` was pressed before; show `request` if not."""
        if self.state.announced is step:
            return True
        self.sync_answer()
        self.state = self.state.announce(step)
        self.show_status(request)
        return False

    # Panes and leaving

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.state.offers(action)

    def on_key(self, event: events.Key) -> None:
        """Type printable keys into the answer while it is open, wherever the focus is."""
        if not event.is_printable or is_chord(event) or not self.state.takes_text or self._owns_key(event.key):
            return
        event.stop()
        event.prevent_default()
        if self.state.phase is not Phase.LOADING and not self.answer_pane.has_focus_within:
            self._focus_answer().post_message(events.Key(event.key, event.character))

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the answer while it is open, wherever the focus is."""
        if self.state.phase in (Phase.ANSWERING, Phase.RUNNING) and not self.answer_pane.has_focus_within:
            event.stop()
            self._focus_answer().post_message(events.Paste(event.text))

    def _owns_key(self, key: str) -> bool:
        """Return whether the focused widget uses a printable key itself: in a form of the answer, or the verdict."""
        active = self.active_bindings.get(key)
        owners = (self.answer_pane, self.query_one(VerdictPane)) if self.query(AnswerPane) else ()
        return active is not None and any(owner in active.node.ancestors_with_self for owner in owners)

    def _focus_answer(self) -> Widget:
        """Show the answer and focus its field at once; return the field."""
        self.panes.show(Pane.ANSWER if self.is_single_pane else self.panes.tab)
        self.set_focus(self.answer_pane.field)
        return self.answer_pane.field

    def action_answer(self) -> None:
        """Return to the answer, or go from it to the next pane."""
        if self.answer_pane.has_focus_within:
            self.panes.next()
        else:
            self.panes.show_and_focus(Pane.ANSWER)

    def action_pane(self) -> None:
        self.panes.next()

    def action_external(self) -> None:
        """Open the answer in $EDITOR."""
        if self.state.phase is Phase.ANSWERING:
            try:
                self.answer_pane.edit_externally()
            except PtquizError as error:
                self.show_status(ActionFailed(error.message, error.hint).line, error=True)

    @on(PlainTextArea.Exited)
    def action_leave(self) -> None:
        """Cancel a run, else restore an enlarged pane, else return to the answer, else go home."""
        if self.state.phase is Phase.RUNNING:
            self.cancel_run()
        elif self.panes.is_enlarged:
            self.panes.toggle_enlarged()
        elif self.state.phase is Phase.ANSWERING and not self.answer_pane.has_focus_within:
            self.panes.show_and_focus(Pane.ANSWER)
            self.show_status("")
        elif not self.state.is_open or self._is_confirmed(Step.LEAVE, self._leaving_text):
            self.action_go_home()

    def action_go_home(self) -> None:
        """Cancel a run, else save the answer and go home without a question, as `:q` of vim does."""
        if self.state.phase is Phase.RUNNING:
            self.cancel_run()
            return
        self.sync_answer()
        self.app.save_draft(self.controller)
        self.dismiss()

    @property
    def _leaving_text(self) -> str:
        if self.state.phase is Phase.DONE and self.state.proposed is not None:
            return f"not rated yet: Enter rates it {self.state.proposed.label}, Esc again leaves it unrated"
        return "Esc again goes home; your answer is saved" if self.controller.is_rated else "Esc again closes"

"""The screen where cards are answered: question, answer, verdict; hints, tries, rating, the next card."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import BindingType
from textual.message import Message

from quizapp.decks.card import Card, CardKind
from quizapp.errors import PtquizError
from quizapp.review.memory import Rating
from quizapp.text.labels import OUTCOME_LABELS
from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import (
    ActionDone,
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
from quizapp.tui.study.answers.answer_pane import AnswerPane, answer_pane
from quizapp.tui.study.layout import Pane, PaneLayout
from quizapp.tui.study.pane_screen import PaneScreen
from quizapp.tui.study.pane_stack import PaneStack
from quizapp.tui.study.panes.attempts_pane import AttemptsPane
from quizapp.tui.study.panes.output_pane import OutputPane
from quizapp.tui.study.panes.question_pane import QuestionPane
from quizapp.tui.study.panes.reference_pane import ReferencePane
from quizapp.tui.study.panes.verdict_pane import VerdictPane
from quizapp.tui.study.rating_bar import RatingBar
from quizapp.tui.study.status_bar import StatusBar
from quizapp.tui.study.study_controller import StudyController
from quizapp.tui.study.study_state import TITLES, Phase
from quizapp.tui.widgets.key_bar import KeyBar
from quizapp.tui.widgets.plain_text_area import PlainTextArea
from quizapp.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from quizapp.review.rating import Proposal
    from quizapp.tui.app import PtquizApp

PAUSE = 0.3
"""Seconds without a key after which the draft is saved."""


class StudyScreen(PaneScreen):
    """One session. Threads ask the desk and post what it says; only handlers change the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("study"), *bindings("rating")]
    AUTO_FOCUS = ""  # each change of it styles the whole screen anew; the answer takes it when a card comes
    app: PtquizApp

    def __init__(self, desk: StudyController) -> None:
        super().__init__()
        self.desk = desk
        self._phase = Phase.LOADING
        self._proposed: Rating | None = None
        self._warned = False
        """F7 was pressed once."""

        self._leaving = False
        """F8 was pressed once on a card that is not solved."""

        self._before = Phase.LOADING
        """The phase that a failure goes back to."""

        self._card: Card | None = None
        self._heard = ""
        """The answer as it was when the card came, or as it was last heard of."""

    def compose(self) -> ComposeResult:
        yield TopBar("")
        yield PaneStack()
        yield RatingBar()
        yield StatusBar("looking for the next card …")
        yield KeyBar()

    def on_mount(self) -> None:
        # A card that comes at once must not overtake the panes that it is shown in.
        self.call_after_refresh(self._fetch)

    @work(thread=True, group="desk", description="ask the desk")
    def _ask(self, question: Callable[[], Message | None], where: str) -> None:
        with report_failure(self, where):
            answer = question()
            if answer is not None:
                self.post_message(answer)

    # A card comes

    @on(CardLoaded)
    async def shown(self, event: CardLoaded) -> None:
        if event.card is None:
            assert event.summary is not None
            self.app.summary(event.summary, self.desk)
            return
        card = self._card = event.card
        self.desk.typed = None
        self._ask(lambda: self.desk.prepare(card), "prepare")
        told = self.app.in_language(card)
        self._proposed, self._warned, self._leaving = None, False, False
        await self._lay_out(told, event.draft)
        self.query_one(AttemptsPane).show(event.attempts)
        self._panes.note(Pane.ATTEMPTS, str(len(event.attempts) or ""))
        self._title(told)
        self._enter(Phase.ANSWERING)
        self._say("this card has changed since you last saw it" if event.changed else self.desk.told)
        self._panes.look_at(Pane.QUESTION)
        if self._panes.shape is PaneLayout.SINGLE:
            self._panes.go_to(Pane.QUESTION)
            self._say(self.desk.told or "F9 goes to the answer")
        else:
            self._answer.take_focus()

    async def _lay_out(self, card: Card, draft: str) -> None:
        await self.query_one(QuestionPane).load(card)
        seed = self.app.clock().date().isoformat()
        await self._panes.answer_with(answer_pane(card, draft, seed), TITLES[card.kind])
        self._heard = self._answer.answer
        await self.query_one(ReferencePane).close()
        self.query_one(VerdictPane).clear()
        self.query_one(OutputPane).clear()
        self.query_one(RatingBar).close()
        for pane in (Pane.VERDICT, Pane.OUTPUT, Pane.REFERENCE):
            self._panes.note(pane, "")

    @property
    def _answer(self) -> AnswerPane:
        return self.query_one(AnswerPane)

    # Drafts

    @on(AnswerPane.Edited)
    def edited(self) -> None:
        if self._phase is not Phase.LOADING:
            self.hear()
            self.set_timer(PAUSE, self._save_soon)

    def hear(self) -> None:
        """Take the answer as it stands: the word that a key was pressed comes a moment after the key."""
        for pane in self.query(AnswerPane):
            if pane.card is self._card and pane.answer != self._heard:
                self._heard = pane.answer
                self.desk.typed = (pane.answer, pane.card)

    def _save_soon(self) -> None:
        if self.desk.typed is not None and self._phase is not Phase.LOADING:
            self._ask(self.desk.save, "draft")

    # Answers and verdicts

    def action_submit(self) -> None:
        if self._phase is Phase.ANSWERING:
            answer = self._answer.answer
            self.hear()
            if self._answer.complete:
                self._run("your answer is being run", lambda: self.desk.grade(answer))
            else:
                self._say("there is nothing to submit yet", error=True)

    def action_scratch(self) -> None:
        card = self._card
        if card is None or self._phase not in (Phase.ANSWERING, Phase.DONE):
            return
        answer = self._answer.answer
        self._run("being tried out, without a grade", lambda: self.desk.try_out(card, answer))

    def _run(self, words: str, question: Callable[[], Message | None]) -> None:
        self._before = self._phase
        self._enter(Phase.RUNNING)
        self.query_one(StatusBar).wait(lambda: words if self._is_warm else "waiting for the sandbox to warm up")
        self._ask(question, "submit")

    @property
    def _is_warm(self) -> bool:
        return self.app.services is None or self.app.services.sandbox.ready

    @on(AnswerGraded)
    async def graded(self, event: AnswerGraded) -> None:
        if event.card is not self._card:
            return
        verdict = event.verdict
        self._enter(self._after(done=verdict.passed or self._before is Phase.DONE))
        note = self.app.in_language(event.card).note if verdict.passed else ""
        self.query_one(VerdictPane).show(verdict, note)
        self._answer.graded(verdict)
        self._panes.note(Pane.VERDICT, OUTCOME_LABELS[verdict.outcome].symbol)
        self._panes.note(Pane.OUTPUT, "•" if self.query_one(OutputPane).graded(verdict) else "")
        self.query_one(AttemptsPane).show(event.attempts)
        self._panes.note(Pane.ATTEMPTS, str(len(event.attempts)))
        self._panes.look_at(Pane.VERDICT)
        self._say(next_step(verdict, event.proposal) if self.desk.keeps else self.desk.told)
        if verdict.passed:
            await self._open_reference(event.answer)
        if event.proposal is not None:
            self._propose(event.proposal, event.intervals)

    def _after(self, *, done: bool) -> Phase:
        """A card that nothing is kept of can be answered again and again."""
        return Phase.DONE if done and self.desk.keeps else Phase.ANSWERING

    @on(ScratchFinished)
    def tried(self, event: ScratchFinished) -> None:
        self._enter(self._before)
        if event.card is self._card:
            self.query_one(OutputPane).tried(event.report)
            self._panes.note(Pane.OUTPUT, "•")
            self._say(scratch_summary(event.report))
            self._panes.look_at(Pane.OUTPUT)

    # Help on the way

    async def action_hint(self) -> None:
        if self._phase is not Phase.ANSWERING or self._card is None:
            return
        hints = self.app.in_language(self._card).hints
        if self.desk.hint() is None:
            self._say("there are no more hints" if hints else "this card has no hints")
            return
        taken = self.desk.hints_taken
        self._panes.look_at(Pane.QUESTION)
        await self.query_one(QuestionPane).hint(taken, len(hints), hints[taken - 1])
        self._say(f"hint {taken} of {len(hints)}; each lowers the proposed rating")

    def action_give_up(self) -> None:
        if self._phase is not Phase.ANSWERING:
            return
        if not self._warned:
            self._warned = True
            self._say("press F7 once more to give up and see the reference")
            return
        self._ask(self.desk.reveal, "give up")

    @on(SolutionRevealed)
    async def revealed(self, event: SolutionRevealed) -> None:
        if event.card is not self._card:
            return
        self._enter(self._after(done=True))
        await self._open_reference(self._answer.answer, event.truth)
        self._panes.look_at(Pane.REFERENCE)
        self._say(self.desk.told)
        if event.proposal is not None:
            self._propose(event.proposal, event.intervals)

    def _propose(self, proposal: Proposal, intervals: Intervals) -> None:
        self._proposed = proposal.rating
        # Before that, digits belong to the answer.
        if self._phase is Phase.DONE:
            self._say(proposal_text(proposal))
            self.query_one(RatingBar).open(proposal, intervals)

    async def _open_reference(self, answer: str, truth: str = "") -> None:
        assert self._card is not None
        await self.query_one(ReferencePane).open(self.app.in_language(self._card), answer, truth or answer)
        self._panes.note(Pane.REFERENCE, "•")

    # What becomes of the card

    @on(RatingBar.Rated)
    def rated(self, event: RatingBar.Rated) -> None:
        self.action_rate(event.rating)

    def action_rate(self, number: int) -> None:
        if self._proposed is not None:
            self._move_on(lambda: self.desk.rate(Rating(number)))

    def action_next(self) -> None:
        """Take the proposed rating where there is one, else leave the card for later."""
        proposed = self._proposed
        if self._phase is Phase.STUCK:
            self._fetch()
        elif proposed is not None and self._phase is Phase.ANSWERING and not self._leaving:
            self._leaving = True
            self._say(f"press F8 once more to leave it unsolved, rated {proposed.label}")
        elif proposed is not None:
            self._move_on(lambda: self.desk.rate(proposed))
        else:
            self._move_on(lambda: self.desk.act("skip"))

    def action_undo(self) -> None:
        self._move_on(lambda: self.desk.act("undo"))

    def action_bury(self) -> None:
        self._move_on(lambda: self.desk.act("bury"))

    def action_suspend(self) -> None:
        self._move_on(lambda: self.desk.act("suspend"))

    def action_flag(self) -> None:
        self._move_on(lambda: self.desk.act("flag"))

    def _move_on(self, question: Callable[[], Message]) -> None:
        if self._phase in (Phase.ANSWERING, Phase.DONE):
            self._before = self._phase
            self.hear()
            self._enter(Phase.LOADING)
            self._ask(lambda: self._kept(question), "act")

    def _kept(self, question: Callable[[], Message]) -> Message:
        """Save the last keys, whose pause is not over yet, before the desk is past their card."""
        with report_failure(self, "draft"):
            self.desk.save()
        return question()

    @on(ActionDone)
    def acted(self, event: ActionDone) -> None:
        if event.said:
            self.notify(event.said, markup=False)
        if event.moves_on:
            self._fetch()
        else:
            self._go_back()

    def _go_back(self) -> None:
        """To the phase before the desk was asked; keys that came meanwhile are heard."""
        self._enter(self._before)
        self.edited()

    def _fetch(self) -> None:
        self._enter(Phase.LOADING)
        self._ask(self.desk.next, "next")

    @on(ActionFailed)
    def failed(self, event: ActionFailed) -> None:
        text = event.line
        if event.where == "draft":
            # Said over whatever card comes next.
            self.notify(text, severity="error", markup=False)
            return
        if event.where == "next":
            # The session is past the card on the screen: nothing can be done with that any more.
            self._enter(Phase.STUCK)
            text += "\nF8 tries again"
        elif self._phase in (Phase.RUNNING, Phase.LOADING):
            self._go_back()
        self._say(text, error=True)

    @on(SandboxReady)
    def warm(self, event: SandboxReady) -> None:
        self.query_one(TopBar).tier = event.machine.tier

    # Panes

    def action_pane(self) -> None:
        """The next pane; from a verdict that asks for another try, the answer."""
        again = self._phase is Phase.ANSWERING and self._panes.shape is PaneLayout.SINGLE
        if again and self._panes.tab is Pane.VERDICT:
            self._panes.go_to(Pane.ANSWER)
        else:
            self._panes.next()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What makes no sense now is not offered."""
        if action == "scratch":
            return self._card is None or self._card.kind in (CardKind.CODE, CardKind.ORDER)
        if action in ("hint", "give_up", "submit"):
            return self._phase is not Phase.DONE
        return action != "rate" or self._proposed is not None

    # Coming and going

    @on(PlainTextArea.Left)
    def text_left(self) -> None:
        if self._phase is Phase.RUNNING:
            self._call_off()
        else:
            self._panes.leave_answer()
            self._say("keys are commands here: F9 goes back to the answer, Esc goes home")

    def action_leave(self) -> None:
        """Escape: out of a run first, then out of an enlarged pane, then home."""
        if self._phase is Phase.RUNNING:
            self._call_off()
        elif self._panes.is_enlarged:
            self._panes.enlarge()
        else:
            self.hear()
            self.app.keep(self.desk)
            self.dismiss()

    def _call_off(self) -> None:
        self.desk.cancel()
        self._enter(self._before)
        self._say("cancelled; nothing was graded")

    def action_external(self) -> None:
        """Hand the answer to $EDITOR, and take back what it saved."""
        if self._phase is not Phase.ANSWERING or self._card is None or self._card.kind is not CardKind.CODE:
            return
        from quizapp.tui.widgets.external_editor import edit

        try:
            with self.app.suspend():
                text = edit(self._answer.answer)
        except PtquizError as error:
            self.failed(ActionFailed(error.message, error.hint))
        except SuspendNotSupported:
            self._say("this terminal cannot be handed to another program", error=True)
        else:
            self._answer.replace(text)

    @on(LanguageChanged)
    async def retold(self) -> None:
        """Another language: tell the question again, with the hints taken so far."""
        if self._card is None:
            return
        card = self.app.in_language(self._card)
        question = self.query_one(QuestionPane)
        await question.load(card)
        for number, hint in enumerate(card.hints[: self.desk.hints_taken], 1):
            await question.hint(number, len(card.hints), hint)
        self._title(card)

    def _title(self, card: Card) -> None:
        self.query_one(TopBar).place = visible(f"{card.deck} · {card.title or card.id}")

    def _enter(self, phase: Phase) -> None:
        self._phase = phase
        self._panes.set_class(phase is Phase.DONE, "-done")
        self.refresh_bindings()

    def _say(self, text: str, *, error: bool = False) -> None:
        self.query_one(StatusBar).say(text, error=error)

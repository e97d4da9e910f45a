"""The screen where cards are answered: question, answer, verdict; hints, tries, rating, the next card."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Static

from quizapp.decks.card import Card, Kind
from quizapp.errors import PtquizError
from quizapp.grading.verdict import Verdict
from quizapp.review.memory import Rating
from quizapp.sandbox.printable import visible
from quizapp.tui.answers import AnswerPane, answer_pane
from quizapp.tui.arrangement import Pane, Shape, after, in_sight, shape_of
from quizapp.tui.attempts import AttemptsPane
from quizapp.tui.desk import Desk
from quizapp.tui.editor import CodeEditor
from quizapp.tui.keys import bindings
from quizapp.tui.messages import Acted, Failed, Graded, Revealed, Shown, Tried, Warm
from quizapp.tui.output import OutputPane
from quizapp.tui.question import QuestionPane
from quizapp.tui.rating import RatingBar
from quizapp.tui.reference import ReferencePane
from quizapp.tui.strip import PaneStrip
from quizapp.tui.topbar import TopBar
from quizapp.tui.verdict import VerdictPane
from quizapp.tui.words import OUTCOMES

if TYPE_CHECKING:
    from quizapp.review.rating import Proposal
    from quizapp.tui.app import PtquizApp

PAUSE = 0.3
"""Seconds without a key after which the draft is saved."""

TITLES = {Kind.CODE: "Answer", Kind.PREDICT: "What does it give?", Kind.CHOICE: "Choose", Kind.ORDER: "Put in order"}


class Phase(Enum):
    """What the learner can do now."""

    LOADING = auto()
    ANSWERING = auto()
    RUNNING = auto()
    DONE = auto()
    """Passed, or given up: only the rating is left."""


class Study(Screen[None]):
    """One session. Threads ask the desk and post what it says; only handlers change the screen."""

    CSS_PATH = "study.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("study")]
    app: PtquizApp

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._phase = Phase.LOADING
        self._tab = Pane.QUESTION
        self._enlarged: Pane | None = None
        self._proposed: Rating | None = None
        self._warned = False
        """F7 was pressed once."""

        self._since = 0.0
        self._doing = ""
        self._before = Phase.LOADING
        """The phase that a failure goes back to."""

        self._card: Card | None = None

    def compose(self) -> ComposeResult:
        yield TopBar("")
        yield PaneStrip()
        with Container(id="panes"):
            yield QuestionPane()
            yield Container(id="answer-box")
            yield VerdictPane()
            yield OutputPane()
            yield ReferencePane()
            yield AttemptsPane()
        yield RatingBar()
        yield Static("looking for the next card …", id="status", markup=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.set_interval(0.2, self._tick)
        self._ask(self.desk.next, "next")

    @work(thread=True, group="desk", description="ask the desk")
    def _ask(self, question: Callable[[], Message | None], where: str) -> None:
        try:
            answer = question()
        except PtquizError as error:
            answer = Failed(error.message, error.hint, where)
        if answer is not None:
            self.post_message(answer)

    # A card comes

    @on(Shown)
    async def shown(self, event: Shown) -> None:
        if event.card is None:
            assert event.summary is not None
            self.app.summary(event.summary)
            return
        card = self._card = event.card
        self.desk.typed = None
        self._ask(lambda: self.desk.prepare(card), "prepare")
        told = self.app.in_language(card)
        self._proposed, self._warned = None, False
        await self._lay_out(told, event.draft)
        self.query_one(AttemptsPane).show(event.attempts)
        self.query_one(PaneStrip).note(Pane.ATTEMPTS, str(len(event.attempts) or ""))
        self.query_one(TopBar).place = visible(f"{told.deck} · {told.title or told.id}")
        self._enter(Phase.ANSWERING)
        self._say("this card has changed since you last saw it" if event.changed else "")
        self._look_at(Pane.QUESTION)
        if self._shape is not Shape.SINGLE:
            self._answer.take_focus()

    async def _lay_out(self, card: Card, draft: str) -> None:
        await self.query_one(QuestionPane).load(card)
        box = self.query_one("#answer-box")
        await box.remove_children()
        seed = self.app.clock().date().isoformat()
        await box.mount(answer_pane(card, draft, seed))
        box.border_title = TITLES[card.kind]
        await self.query_one(ReferencePane).close()
        self.query_one(VerdictPane).clear()
        self.query_one(OutputPane).clear()
        self.query_one(RatingBar).close()
        self.query_one(PaneStrip).note(Pane.VERDICT, "")
        self.query_one(PaneStrip).note(Pane.OUTPUT, "")

    @property
    def _answer(self) -> AnswerPane:
        return self.query_one(AnswerPane)

    # Drafts

    @on(AnswerPane.Edited)
    def edited(self) -> None:
        if self._phase is not Phase.LOADING:
            self.desk.typed = self._answer.answer
            self.set_timer(PAUSE, self._save_soon)

    def _save_soon(self) -> None:
        text, card = self.desk.typed, self._card
        if text is not None and card is not None and self._phase is not Phase.LOADING:
            self._ask(lambda: self.desk.save(text, card), "draft")

    # Answers and verdicts

    def action_submit(self) -> None:
        if self._phase is Phase.DONE:
            self.action_next()
        elif self._phase is Phase.ANSWERING:
            answer = self._answer.answer
            if self._answer.complete:
                self._run("your answer is being run", lambda: self.desk.grade(answer))
            else:
                self._say("there is nothing to submit yet", error=True)

    def action_scratch(self) -> None:
        card = self._card
        if card is None or self._phase not in (Phase.ANSWERING, Phase.DONE):
            return
        if card.kind in (Kind.CHOICE, Kind.PREDICT):
            self._say("there is no code to try out on this card")
            return
        answer = self._answer.answer
        self._run("being tried out, without a grade", lambda: self.desk.try_out(card, answer))

    def _run(self, words: str, question: Callable[[], Message]) -> None:
        self._before = self._phase
        self._doing, self._since = words, monotonic()
        self._enter(Phase.RUNNING)
        self._tick()
        self._ask(question, "submit")

    def _tick(self) -> None:
        """Keep saying what is being waited for, and for how long."""
        if self._phase is not Phase.RUNNING:
            return
        seconds = int(monotonic() - self._since)
        ready = self.app.parts is None or self.app.parts.sandbox.ready
        words = self._doing if ready else "waiting for the sandbox to warm up"
        spinner = "◐◓◑◒"[int(monotonic() * 5) % 4]
        text = f"{spinner} {words} … {seconds} s   Esc cancels"
        self._say(text)
        self.query_one("#status").add_class("-running")

    @on(Graded)
    async def graded(self, event: Graded) -> None:
        if event.card is not self._card:
            return
        verdict = event.verdict
        self._enter(Phase.DONE if verdict.passed or self._before is Phase.DONE else Phase.ANSWERING)
        self.query_one(VerdictPane).show(verdict)
        self._answer.graded(verdict)
        strip = self.query_one(PaneStrip)
        strip.note(Pane.VERDICT, OUTCOMES[verdict.outcome][0])
        strip.note(Pane.OUTPUT, "•" if self.query_one(OutputPane).graded(verdict) else "")
        self.query_one(AttemptsPane).show(event.attempts)
        strip.note(Pane.ATTEMPTS, str(len(event.attempts)))
        self._look_at(Pane.VERDICT)
        self._say(_what_now(verdict, event.proposal))
        if verdict.passed:
            await self._open_reference(event.answer)
        if event.proposal is not None:
            self._proposed = event.proposal.rating
            bar = self.query_one(RatingBar)
            bar.open(event.proposal, event.intervals, focus=self._phase is Phase.DONE)
        self.refresh_bindings()

    @on(Tried)
    def tried(self, event: Tried) -> None:
        self._enter(self._before)
        if event.card is self._card:
            self.query_one(OutputPane).tried(event.report)
            self.query_one(PaneStrip).note(Pane.OUTPUT, "•")
            self._say("tried out; nothing was graded")
            self._look_at(Pane.OUTPUT)

    # Help on the way

    async def action_hint(self) -> None:
        if self._phase is not Phase.ANSWERING or self._card is None:
            return
        hints = self.app.in_language(self._card).hints
        if self.desk.hint() is None:
            self._say("there are no more hints" if hints else "this card has no hints")
            return
        taken = self.desk.hints_taken
        self._look_at(Pane.QUESTION)
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

    @on(Revealed)
    async def revealed(self, event: Revealed) -> None:
        if event.card is not self._card:
            return
        self._enter(Phase.DONE)
        self._proposed = event.proposal.rating
        await self._open_reference(self._answer.answer)
        self._look_at(Pane.REFERENCE)
        self._say("")
        self.query_one(RatingBar).open(event.proposal, event.intervals, focus=True)

    async def _open_reference(self, answer: str) -> None:
        assert self._card is not None
        await self.query_one(ReferencePane).open(self.app.in_language(self._card), answer)

    # What becomes of the card

    @on(RatingBar.Rated)
    def rated(self, event: RatingBar.Rated) -> None:
        self._move_on(lambda: self.desk.rate(event.rating))

    def action_next(self) -> None:
        """Take the proposed rating where there is one, else leave the card for later."""
        proposed = self._proposed
        if proposed is not None:
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
            self._enter(Phase.LOADING)
            self._ask(question, "act")

    @on(Acted)
    def acted(self, event: Acted) -> None:
        if event.said:
            self.notify(event.said, markup=False)
        if event.moves_on:
            self._ask(self.desk.next, "next")
        else:
            self._enter(self._before)

    @on(Failed)
    def failed(self, event: Failed) -> None:
        if self._phase in (Phase.RUNNING, Phase.LOADING) and event.where != "draft":
            self._enter(self._before if self._card is not None else Phase.LOADING)
        self._say(event.message + (f" — {event.hint}" if event.hint else ""), error=True)

    @on(Warm)
    def warm(self, event: Warm) -> None:
        self.query_one(TopBar).tier = event.machine.tier

    # Panes

    @property
    def _shape(self) -> Shape:
        return shape_of(*self.size)

    def on_resize(self) -> None:
        self._look_at(self._tab)

    def _look_at(self, tab: Pane) -> None:
        """Bring one pane into sight."""
        self._tab = tab
        shape = self._shape
        if not self.has_class(f"-{shape.value}"):
            self._reshape(shape)
        seen = in_sight(shape, tab, self._enlarged)
        for pane in Pane:
            self._pane(pane).set_class(pane in seen, "-seen")
        self.query_one(PaneStrip).show(seen)

    def _reshape(self, shape: Shape) -> None:
        """Another size of terminal: the answer stands between question and verdict, or after what is read."""
        for other in Shape:
            self.set_class(other is shape, f"-{other.value}")
        before = Pane.QUESTION if shape is Shape.THREE else Pane.ATTEMPTS
        self.query_one("#panes").move_child(self._pane(Pane.ANSWER), after=self._pane(before))

    def _pane(self, pane: Pane) -> Widget:
        return self.query_one("#answer-box" if pane is Pane.ANSWER else f"#{pane.value}")

    @on(PaneStrip.Picked)
    def picked(self, event: PaneStrip.Picked) -> None:
        self.action_show(event.pane.value)

    def action_show(self, name: str) -> None:
        pane = Pane(name)
        if self._enlarged is not None:
            self._enlarged = pane
        self._look_at(pane)
        self._focus_on(pane)

    def action_pane(self) -> None:
        """Go to the next pane of the strip."""
        self.action_show(after(self._tab, self._shape).value)

    def action_enlarge(self) -> None:
        """Give the pane in use the whole screen, or take it back."""
        if self._enlarged is not None:
            self._enlarged = None
        else:
            focused = self.focused
            within = [p for p in Pane if focused is not None and self._pane(p) in focused.ancestors_with_self]
            self._enlarged = within[0] if within else self._tab
        self._look_at(self._tab if self._enlarged is None else self._enlarged)

    def _focus_on(self, pane: Pane) -> None:
        if pane is Pane.ANSWER and self.query(AnswerPane):
            self._answer.take_focus()
            return
        widget = self._pane(pane)
        if widget.can_focus:
            widget.focus()
        elif focusable := [child for child in widget.query("*") if child.focusable]:
            focusable[0].focus()

    # Coming and going

    @on(CodeEditor.Left)
    def editor_left(self) -> None:
        if self._phase is Phase.RUNNING:
            self.desk.cancel()
        else:
            self._focus_on(Pane.QUESTION if Pane.QUESTION in in_sight(self._shape, self._tab, None) else self._tab)

    def action_leave(self) -> None:
        """Escape: out of a run first, then out of an enlarged pane, then home."""
        if self._phase is Phase.RUNNING:
            self.desk.cancel()
        elif self._enlarged is not None:
            self.action_enlarge()
        else:
            self._save_soon()
            self.dismiss()

    def rescue(self) -> None:
        """The app is going down: save what is typed."""
        self.desk.rescue()

    def _enter(self, phase: Phase) -> None:
        self._phase = phase
        self.query_one("#status").set_class(False, "-running")

    def _say(self, text: str, *, error: bool = False) -> None:
        status = self.query_one("#status", Static)
        status.update(visible(text))
        status.set_class(error, "-error")


def _what_now(verdict: Verdict, proposal: Proposal | None) -> str:
    if verdict.passed and proposal is not None:
        return f"{proposal.rating.label} is proposed: {proposal.why}. Enter takes it"
    if not verdict.outcome.rateable:
        return "this says nothing about you; it is not rated"
    return "mend it and press F5 again, F2 for a hint, F7 to give up"

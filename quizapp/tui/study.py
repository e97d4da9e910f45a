"""The screen where cards are answered: question, answer, verdict; hints, tries, rating, the next card."""

from __future__ import annotations

from enum import Enum, auto
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from quizapp.decks.card import Card
from quizapp.errors import PtquizError
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.memory import Rating
from quizapp.tui.answers import AnswerPane, answer_pane
from quizapp.tui.arrangement import Pane, Shape, after, in_sight, shape_of
from quizapp.tui.attempts import AttemptsPane
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
from quizapp.tui.words import OUTCOMES, plural

if TYPE_CHECKING:
    from quizapp.review.session import Session
    from quizapp.tui.app import PtquizApp
    from quizapp.tui.parts import Parts

PAUSE = 0.3
"""Seconds without a key after which the draft is saved."""


class Phase(Enum):
    """What the learner can do now."""

    LOADING = auto()
    ANSWERING = auto()
    RUNNING = auto()
    DONE = auto()
    """Passed, or given up: only the rating is left."""


class Study(Screen[None]):
    """One session. Threads call it and post what they found; only handlers change the screen."""

    CSS_PATH = "study.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("study")]
    app: PtquizApp

    def __init__(self, parts: Parts, decks: list[str] | None = None, cards: list[str] | None = None) -> None:
        super().__init__()
        self.parts = parts
        self._chosen = (decks, cards)
        self._session: Session | None = None
        self._phase = Phase.LOADING
        self._tab = Pane.QUESTION
        self._enlarged: Pane | None = None
        self._asked_to_give_up = False
        self._submitted_at = 0.0
        self._waiting_for = ""
        self._draft: str | None = None
        """Typed and not yet on the disk."""

        self._saving = Lock()
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
        self._arrange()
        self.advance()

    # The session, asked in threads

    @work(thread=True, group="session")
    def advance(self) -> None:
        """Find the next card."""
        try:
            if self._session is None:
                self._session = self.parts.session(self.app.settings, *self._chosen)
            session = self._session
            card = session.next()
            if card is None:
                self.post_message(Shown(session, None, summary=session.summary()))
                return
            attempts = tuple(self.parts.store.work.attempts(card.name))
            self.post_message(Shown(session, card, session.draft, attempts))
        except PtquizError as error:
            self.post_message(Failed(error.message, error.hint, "next"))
            return
        self._prepare(card)

    def _prepare(self, card: Card) -> None:
        """Run the reference while the learner thinks; what fails here is said when an answer is submitted."""
        try:
            self.parts.grader.prepare(card)
        except PtquizError:
            return

    @work(thread=True, group="submit", exclusive=True)
    def _grade(self, session: Session, card: Card, answer: str) -> None:
        try:
            self._save(session, card, answer)
            verdict = session.submit(answer)
            proposal = session.proposal() if session.rateable else None
            intervals = session.intervals() if session.rateable else {}
            attempts = tuple(self.parts.store.work.attempts(card.name))
            self.post_message(Graded(card, answer, verdict, proposal, intervals, attempts))
        except PtquizError as error:
            self.post_message(Failed(error.message, error.hint, "submit"))

    @work(thread=True, group="submit", exclusive=True)
    def _try_out(self, card: Card, answer: str) -> None:
        try:
            self.post_message(Tried(card, self.parts.grader.scratch(card, answer)))
        except PtquizError as error:
            self.post_message(Failed(error.message, error.hint, "submit"))

    @work(thread=True, group="session")
    def _reveal(self, session: Session, card: Card) -> None:
        try:
            session.give_up()
            self.post_message(Revealed(card, session.proposal(), session.intervals()))
        except PtquizError as error:
            self.post_message(Failed(error.message, error.hint, "give up"))

    @work(thread=True, group="session")
    def _act(self, session: Session, what: str, rating: Rating | None = None) -> None:
        """Rate, skip, bury, suspend, flag or undo; on the disk before the screen moves on."""
        try:
            said = None
            if rating is not None:
                session.rate(rating)
            elif what == "undo":
                said = session.undo() or "nothing to undo"
            elif what == "flag":
                said = "flagged" if session.flag() else "no longer flagged"
            else:
                getattr(session, what)()
            self.post_message(Acted(what, said))
        except PtquizError as error:
            self.post_message(Failed(error.message, error.hint, what))

    # Drafts

    @on(AnswerPane.Edited)
    def edited(self) -> None:
        if self._phase is Phase.ANSWERING:
            self._draft = self._answer
            self.set_timer(PAUSE, self._save_soon)

    def _save_soon(self) -> None:
        if self._draft is not None and self._draft == self._answer and self._session and self._card:
            self._save_draft(self._session, self._card, self._draft)

    @work(thread=True, group="draft")
    def _save_draft(self, session: Session, card: Card, text: str) -> None:
        try:
            self._save(session, card, text)
        except PtquizError as error:
            self.post_message(Failed(error.message, error.hint, "draft"))

    def _save(self, session: Session, card: Card, text: str) -> None:
        with self._saving:
            if session.card is card:
                session.save_draft(text)
                if self._draft == text:
                    self._draft = None

    def rescue(self) -> None:
        """Save what is typed, now: the app is going down."""
        if self._draft is not None and self._session is not None and self._card is not None:
            self._save(self._session, self._card, self._draft)

    # What the threads found

    @on(Shown)
    async def shown(self, event: Shown) -> None:
        if event.card is None:
            assert event.summary is not None
            self.app.summary(event.summary)
            return
        card = self._card = event.card
        told = self.app.in_language(card)
        self._phase, self._asked_to_give_up, self._draft = Phase.ANSWERING, False, None
        await self.query_one(QuestionPane).load(told)
        await self._fill_answer(told, event.draft)
        await self.query_one(ReferencePane).close()
        self.query_one(VerdictPane).clear()
        self.query_one(OutputPane).clear()
        self.query_one(AttemptsPane).show(event.attempts)
        self.query_one(RatingBar).close()
        strip = self.query_one(PaneStrip)
        strip.note(Pane.VERDICT, "")
        strip.note(Pane.OUTPUT, "")
        strip.note(Pane.ATTEMPTS, str(len(event.attempts) or ""))
        self.query_one(TopBar).place = self._place(told)
        self._show(Pane.QUESTION)
        self._say("" if not event.session.changed else "this card has changed since you last saw it")
        if shape_of(*self.size) is not Shape.SINGLE:
            self._pane.take_focus()
        self.refresh_bindings()

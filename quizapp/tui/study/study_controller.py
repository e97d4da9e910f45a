"""The study screen's dealings with session and grader. Blocking: each call runs in a thread and gives back a fact."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from quizapp.decks.card import Card, CardKind
from quizapp.errors import PtquizError
from quizapp.review.memory import Rating
from quizapp.settings import Settings
from quizapp.tui.messages import ActionDone, AnswerGraded, CardLoaded, Intervals, ScratchFinished, SolutionRevealed
from quizapp.tui.study.cancellable_grader import CancellableGrader, Cancelled

if TYPE_CHECKING:
    from quizapp.review.practice import PracticeFilter
    from quizapp.review.rating import Proposal
    from quizapp.review.session import Session
    from quizapp.review.store import Attempt
    from quizapp.services import Services


class StudyController:
    """One session, opened with the first card."""

    def __init__(
        self,
        services: Services,
        settings: Settings,
        decks: Sequence[str] | None = None,
        cards: Sequence[str] | None = None,
        practice: PracticeFilter | None = None,
    ) -> None:
        self._services, self._settings, self._chosen = services, settings, (decks, cards, practice)
        self._grader = CancellableGrader(services.grader)
        self._opened: Session | None = None
        self._saving = Lock()
        self._told_cuda = False
        self.typed: tuple[str, Card] | None = None
        """An answer that is not on the disk yet, and to which card; set by the screen alone."""

        self.told = "practice, outside the schedule" if practice is not None else ""
        """What is unusual about this session."""

    keeps = True
    """Whether a card ends with a rating."""

    @property
    def _session(self) -> Session:
        if self._opened is None:
            self._opened = self._services.session(self._settings, *self._chosen, grader=self._grader)
        return self._opened

    def _say_cuda(self) -> None:
        """Tell the session what the sandbox has found, once it is warm: cards that need a GPU wait without one."""
        if not self._told_cuda and self._services.sandbox.ready:
            self._session.found_cuda(self._services.sandbox.wait(0).cuda is not None)
            self._told_cuda = True

    @property
    def card(self) -> Card | None:
        return self._opened.card if self._opened else None

    def next(self) -> CardLoaded:
        """The next card, with its draft and what was answered to it before."""
        session = self._session
        self._say_cuda()
        card = session.next()
        if card is None:
            return CardLoaded(None, summary=session.summary())
        return CardLoaded(card, session.draft, self._attempts(card), changed=session.changed)

    def prepare(self, card: Card) -> None:
        """Run the reference while the learner thinks; what fails here is said when an answer is submitted."""
        try:
            self._services.grader.prepare(card)
        except PtquizError:
            return

    def grade(self, answer: str) -> AnswerGraded | None:
        """The verdict; None where it was called off."""
        session, card = self._session, self.card
        assert card is not None
        self.save()
        try:
            verdict = session.submit(answer)
        except Cancelled:
            return None
        return AnswerGraded(card, answer, verdict, *self.rating(), self._attempts(card))

    def rating(self) -> tuple[Proposal | None, Intervals]:
        """What the evidence speaks for, and where each button leads; practice leads nowhere."""
        session = self._session
        if not session.rateable:
            return None, {}
        intervals = session.intervals()
        return session.proposal(), dict.fromkeys(intervals) if session.is_practice else intervals

    def try_out(self, card: Card, answer: str) -> ScratchFinished | None:
        """What a scratch run printed; None where it was called off."""
        try:
            return ScratchFinished(card, self._grader.scratch(card, answer))
        except Cancelled:
            return None

    def cancel(self) -> None:
        """Call off what is being run, or waits to be."""
        self._grader.cancel()

    def hint(self) -> str | None:
        return self._session.hint()

    @property
    def hints_taken(self) -> int:
        return self._session.hints_taken

    def reveal(self) -> SolutionRevealed:
        """Give up."""
        session, card = self._session, self.card
        assert card is not None
        session.give_up()
        truth = self._grader.truth(card) if card.kind is CardKind.PREDICT else None
        return SolutionRevealed(card, *self.rating(), truth.text if truth else "")

    def rate(self, rating: Rating) -> ActionDone:
        """On the disk when it returns."""
        self._session.rate(rating)
        return ActionDone("rate")

    def act(self, what: str) -> ActionDone:
        """Skip, bury, suspend, flag or undo."""
        session = self._session
        if what == "undo":
            undone = session.undo()
            return ActionDone(what, f"undone: {undone}" if undone else "nothing to undo", moves_on=undone is not None)
        if what == "flag":
            return ActionDone(what, "flagged" if session.flag() else "no longer flagged", moves_on=False)
        {"skip": session.skip, "bury": session.bury, "suspend": session.suspend}[what]()
        return ActionDone(what)

    def save(self) -> None:
        """Put on the disk what is typed; a text typed to another card than the one shown is left alone."""
        # Read once it is our turn: of two threads that save, the later one writes nothing older.
        with self._saving:
            typed = self.typed
            if typed is not None and typed[1] is self.card:
                self._session.save_draft(typed[0])
                if self.typed is typed:
                    self.typed = None

    def _attempts(self, card: Card) -> tuple[Attempt, ...]:
        return tuple(self._services.store.work.attempts(card.name))

"""The state of the study screen: the current card and the learner's progress on it. Contains no widget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from quizapp.decks.card import Card, CardKind
from quizapp.review.memory import Rating


class Phase(Enum):
    """What the screen is waiting for."""

    LOADING = auto()
    """The session is working: the next card is being fetched, or the current one acted on."""

    ANSWERING = auto()
    RUNNING = auto()
    """An answer is being run."""

    DONE = auto()
    """Passed or given up: only the rating is left."""

    STUCK = auto()
    """The next card could not be fetched; F8 tries again."""


class Step(Enum):
    """A step that a key takes only when it is pressed twice."""

    GIVE_UP = auto()
    RATE_UNSOLVED = auto()
    UNDO = auto()
    LEAVE = auto()
    """Go home without a rating."""


@dataclass(frozen=True, slots=True)
class StudyState:
    """An immutable state. Each transition is a method that returns the next state."""

    is_rated: bool = True
    """Unrated (preview) cards stay answerable after a pass or a give-up."""

    phase: Phase = Phase.LOADING
    resume_phase: Phase = Phase.LOADING
    """The phase to return to when a run or an action ends without a next card."""

    card: Card | None = None
    """The card in the original language of its deck."""

    proposed: Rating | None = None
    wrong_tries: int = 0
    known_answer: str | None = None
    """The answer as last read from its pane; None until the pane of `card` is mounted."""

    announced: Step | None = None
    """What the same key, pressed again, does."""

    # Questions

    @property
    def is_open(self) -> bool:
        """Whether the card can be acted on: answered, rated, skipped …"""
        return self.phase in (Phase.ANSWERING, Phase.DONE)

    @property
    def is_busy(self) -> bool:
        """Whether a run or an operation of the session is in progress."""
        return self.phase in (Phase.RUNNING, Phase.LOADING)

    @property
    def would_rate_unsolved(self) -> bool:
        """Whether the next card would be reached by rating this unsolved one."""
        return self.proposed is not None and self.phase is Phase.ANSWERING

    @property
    def takes_text(self) -> bool:
        """Whether printable keys belong to the answer."""
        return self.phase in (Phase.ANSWERING, Phase.RUNNING, Phase.LOADING)

    def offers(self, action: str) -> bool:
        """Return whether a Textual action of the screen is available."""
        if action == "scratch":
            return self.card is None or self.card.kind in (CardKind.CODE, CardKind.ORDER)
        if action in ("hint", "give_up", "submit"):
            return self.phase is not Phase.DONE
        return action != "rate" or (self.phase is Phase.DONE and self.proposed is not None)

    # A card arrives

    def fetch(self) -> StudyState:
        """Wait for the next card."""
        return replace(self, phase=Phase.LOADING)

    def fail_fetch(self) -> StudyState:
        """Stay on a card that the session has already left, so nothing but another fetch is possible."""
        return replace(self, phase=Phase.STUCK)

    def load(self, card: Card) -> StudyState:
        """Take the next card; it cannot be answered before `start_answering`."""
        return StudyState(self.is_rated, self.phase, self.resume_phase, card)

    def start_answering(self) -> StudyState:
        return replace(self, phase=Phase.ANSWERING)

    def sync_answer(self, answer: str) -> StudyState:
        """Record the answer that its pane contains."""
        return replace(self, known_answer=answer, announced=None)

    def has_new_answer(self, answer: str) -> bool:
        """Return whether the pane of this card contains another answer than was last recorded."""
        return self.known_answer is not None and answer != self.known_answer

    # The card is answered

    def run(self) -> StudyState:
        return replace(self, phase=Phase.RUNNING, resume_phase=self.phase)

    def grade(self, *, passed: bool) -> StudyState:
        """End a run by a verdict. A card that was done stays done."""
        if passed or self.resume_phase is Phase.DONE:
            return self._finish()
        return replace(self.start_answering(), wrong_tries=self.wrong_tries + 1)

    def reveal(self) -> StudyState:
        """Show the reference."""
        return self._finish()

    def _finish(self) -> StudyState:
        return replace(self, phase=Phase.DONE if self.is_rated else Phase.ANSWERING)

    # The card is left

    def propose(self, rating: Rating) -> StudyState:
        return replace(self, proposed=rating)

    def announce(self, step: Step) -> StudyState:
        """Remember that the learner was told what the same key does next. A new answer withdraws it."""
        return replace(self, announced=step)

    def act(self) -> StudyState:
        """Wait for the session to rate, skip, bury … the card."""
        return replace(self, phase=Phase.LOADING, resume_phase=self.phase)

    def resume(self) -> StudyState:
        """Return to the card: a run was cancelled, or a run or an action ended without a next card."""
        return replace(self, phase=self.resume_phase)

"""Facts that threads post to the screens: a thread touches no widget, these are all it may do.

None bubbles: the app hands its own on to the screens, and would get them back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from textual.message import Message
from textual.message_pump import MessagePump

from quizapp.errors import PtquizError

if TYPE_CHECKING:
    from datetime import timedelta

    from quizapp.decks.card import Card
    from quizapp.grading.verdict import Verdict
    from quizapp.review.memory import Rating
    from quizapp.review.rating import Proposal
    from quizapp.review.session import Summary
    from quizapp.review.store import Attempt, DeckCounts
    from quizapp.sandbox.protocol import Machine, Report
    from quizapp.services import Services

Intervals: TypeAlias = "Mapping[Rating, timedelta | None]"
"""When the card would come back, for each button there is; None where a rating moves nothing."""


@dataclass
class ServicesOpened(Message, bubble=False):
    """Decks, store and sandbox can be called."""

    services: Services


@dataclass
class SandboxReady(Message, bubble=False):
    """The sandbox is up, and this is what it can deny here."""

    machine: Machine


@dataclass
class ActionFailed(Message, bubble=False):
    """Something in the background did not work; `message` says what, `hint` the way out."""

    message: str
    hint: str | None = None
    where: str = ""
    """What was being done: `submit`, `open` …"""

    @property
    def line(self) -> str:
        return f"{self.message} — {self.hint}" if self.hint else self.message

    @property
    def lines(self) -> str:
        return f"{self.message}\nhint: {self.hint}" if self.hint else self.message


@contextmanager
def report_failure(screen: MessagePump, where: str) -> Iterator[None]:
    """Tells the screen what a thread of its could not do."""
    try:
        yield
    except PtquizError as error:
        screen.post_message(ActionFailed(error.message, error.hint, where))


@dataclass
class CountsLoaded(Message, bubble=False):
    """How many cards wait where, and what today has brought."""

    counts: Mapping[str, DeckCounts]
    reviews: int
    minutes: float
    streak: int
    """Days in a row with at least one review."""

    leeches: int
    """Cards that are forgotten over and over."""


@dataclass
class CardLoaded(Message, bubble=False):
    """The next card of a session; None when nothing is left."""

    card: Card | None
    draft: str = ""
    attempts: tuple[Attempt, ...] = ()
    changed: bool = False
    """The card is another one than when it was last reviewed."""

    summary: Summary | None = None
    """Where nothing is left."""


@dataclass
class AnswerGraded(Message, bubble=False):
    """A verdict, and what it proposes; no proposal where it says nothing about the learner."""

    card: Card
    answer: str
    verdict: Verdict
    proposal: Proposal | None
    intervals: Intervals
    attempts: tuple[Attempt, ...]


@dataclass
class SolutionRevealed(Message, bubble=False):
    """The learner gave up; the reference may be shown."""

    card: Card
    proposal: Proposal | None
    intervals: Intervals
    truth: str = ""
    """What was to be predicted, on a predict card."""


@dataclass
class ScratchFinished(Message, bubble=False):
    """A scratch run ended."""

    card: Card
    report: Report


@dataclass
class ActionDone(Message, bubble=False):
    """A rating, a skip, an undo … is on the disk."""

    what: str
    said: str | None = None
    moves_on: bool = True
    """Another card comes next."""


@dataclass
class LanguageChanged(Message, bubble=False):
    """Cards are shown in another language from now on."""

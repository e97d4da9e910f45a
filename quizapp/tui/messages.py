"""Messages that worker threads post to screens: a thread never touches a widget.

Messages do not bubble: the app forwards them to every screen, and would receive them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, cast

from textual.message import Message
from textual.message_pump import MessagePump

from quizapp.errors import PtquizError

if TYPE_CHECKING:
    from datetime import timedelta

    from quizapp.decks.card import Card
    from quizapp.grading.verdict import CheckState, Verdict
    from quizapp.review.memory import Rating
    from quizapp.review.rating import Proposal
    from quizapp.review.remaining import Remaining
    from quizapp.review.session import Summary
    from quizapp.review.store import Attempt
    from quizapp.review.today import Today
    from quizapp.sandbox.protocol import LineValue, Machine, Report
    from quizapp.services import Services
    from quizapp.tui.app import PtquizApp
    from quizapp.tui.screens.deck_rows import DeckRow

Intervals: TypeAlias = "Mapping[Rating, timedelta | None]"
"""Rating -> time until the card is due again; None if the rating does not change the due date."""


@dataclass
class ServicesOpened(Message, bubble=False):
    """The decks, the store and the sandbox are open."""

    services: Services


@dataclass
class SandboxReady(Message, bubble=False):
    """The sandbox has started; `machine` describes its protection on this computer."""

    machine: Machine


@dataclass
class ActionFailed(Message, bubble=False):
    """A background action failed: what went wrong, and how to fix it."""

    message: str
    hint: str | None = None
    operation: str = ""
    """Which action failed: `submit`, `open` …"""

    @property
    def line(self) -> str:
        return f"{self.message} — {self.hint}" if self.hint else self.message

    @property
    def lines(self) -> str:
        return f"{self.message}\nhint: {self.hint}" if self.hint else self.message


@contextmanager
def report_failure(screen: MessagePump, operation: str) -> Iterator[None]:
    """Post `ActionFailed` to the screen for an exception, which is logged if it is a bug; may be used in a thread."""
    try:
        yield
    except PtquizError as error:
        screen.post_message(ActionFailed(error.message, error.hint, operation))
    except Exception as error:
        screen.post_message(ActionFailed(cast("PtquizApp", screen.app).errors.add(error, operation), None, operation))


@dataclass
class CountsLoaded(Message, bubble=False):
    """The decks' counts and today's numbers."""

    rows: Sequence[DeckRow]
    """The row of all decks, then one for each deck."""

    today: Today
    leeches: int
    """Cards forgotten at least `leech_lapses` times."""


@dataclass
class CardLoaded(Message, bubble=False):
    """The session's next card; `card` is None at the end of the session."""

    card: Card | None
    draft: str = ""
    attempts: tuple[Attempt, ...] = ()
    changed: bool = False
    """The card was edited since its last review."""

    remaining: Remaining | None = None
    """The cards that are left, this one included."""

    totals: Summary | None = None
    """The reviews since the session began."""

    summary: Summary | None = None
    """Set at the end of the session."""

    proposal: Proposal | None = None
    """Set if only the rating of the card is missing, because the last one was undone."""

    intervals: Intervals = field(default_factory=dict)
    notice: str = ""
    """Why cards wait for CUDA on a machine that has a GPU; said once in a session."""


@dataclass
class AnswerGraded(Message, bubble=False):
    """A verdict with the proposed rating; no proposal if the outcome is not rated."""

    card: Card
    answer: str
    verdict: Verdict
    proposal: Proposal | None
    intervals: Intervals
    attempts: tuple[Attempt, ...]


@dataclass
class SolutionRevealed(Message, bubble=False):
    """The learner gave up; the reference can be shown."""

    card: Card
    proposal: Proposal | None
    intervals: Intervals
    truth: str = ""
    """The value to predict; empty for other kinds of card."""


@dataclass
class ScratchFinished(Message, bubble=False):
    """A scratch run finished."""

    card: Card
    answer: str
    report: Report


@dataclass
class ConsoleFinished(Message, bubble=False):
    """Code that was entered into the console finished; `report` is None if it was cancelled."""

    card: Card
    report: Report | None


@dataclass
class LineValuesFound(Message, bubble=False):
    """What each line of an answer bound."""

    card: Card
    answer: str
    values: Sequence[LineValue]


@dataclass
class ChecksTried(Message, bubble=False):
    """The states of the visible checks of an answer that was not submitted."""

    card: Card
    answer: str
    states: Sequence[CheckState]


@dataclass
class ActionDone(Message, bubble=False):
    """A rating, a skip, an undo … was saved."""

    action: str
    message: str | None = None
    """Shown to the learner."""

    loads_next: bool = True
    """The screen shows the next card."""


@dataclass
class UndoOffered(Message, bubble=False):
    """What undo would undo; None if there is nothing."""

    entry: str | None


@dataclass
class LanguageChanged(Message, bubble=False):
    """The language of the cards was changed."""

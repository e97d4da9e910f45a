"""What the screens call, opened behind the first paint: decks, store, sandbox, grader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from quizapp.decks.library import Library
    from quizapp.grading.grader import Grader
    from quizapp.review.practice import PracticeFilter
    from quizapp.review.session import AnswerGrader, Session
    from quizapp.review.store import Store
    from quizapp.sandbox.client import Sandbox
    from quizapp.settings import Locations, Settings


# Textual writes what a worker is given into its description: a library of decks takes minutes to print.
@dataclass(frozen=True, slots=True, repr=False)
class Parts:
    """Everything below the screens, ready to be called from threads."""

    library: Library
    store: Store
    sandbox: Sandbox
    grader: Grader
    clock: Callable[[], datetime]

    def session(
        self,
        settings: Settings,
        decks: Sequence[str] | None = None,
        cards: Sequence[str] | None = None,
        cram: PracticeFilter | None = None,
        grader: AnswerGrader | None = None,
    ) -> Session:
        """A session over these decks, these cards, or everything; `cram`: outside the schedule."""
        from quizapp.review.session import Session

        return Session(self.library, grader or self.grader, self.store, settings, self.clock, decks, cards, cram=cram)

    def close(self) -> None:
        """End the sandbox first, so that whoever waits for it stops waiting."""
        self.sandbox.close()
        self.store.close()


class Rooms(Protocol):
    """Where the parts come from; each is made when it is first asked for."""

    @property
    def settings(self) -> Settings: ...
    @property
    def locations(self) -> Locations: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...
    @property
    def sandbox(self) -> Sandbox: ...
    @property
    def library(self) -> Library: ...
    @property
    def store(self) -> Store: ...
    @property
    def grader(self) -> Grader: ...


def open_parts(rooms: Rooms) -> Parts:
    """Start the sandbox, then load decks and open the store while it warms up."""
    rooms.sandbox.start()
    return Parts(rooms.library, rooms.store, rooms.sandbox, rooms.grader, rooms.clock)

"""What the screens call, opened behind the first paint: decks, store, sandbox, grader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from quizapp.config import Locations, Settings
    from quizapp.decks.library import Library
    from quizapp.grading.grader import Grader
    from quizapp.review.session import Session
    from quizapp.review.store import Store
    from quizapp.sandbox.client import Sandbox


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything below the screens, ready to be called from threads."""

    library: Library
    store: Store
    sandbox: Sandbox
    grader: Grader
    clock: Callable[[], datetime]

    def session(
        self, settings: Settings, decks: Sequence[str] | None = None, cards: Sequence[str] | None = None
    ) -> Session:
        """A session over these decks, these cards, or everything."""
        from quizapp.review.session import Session

        return Session(self.library, self.grader, self.store, settings, self.clock, decks, cards)

    def close(self) -> None:
        """End the sandbox first, so that whoever waits for it stops waiting."""
        self.sandbox.close()
        self.store.close()


def open_parts(
    decks: Sequence[str], settings: Settings, locations: Locations, clock: Callable[[], datetime], trust: bool
) -> Parts:
    """Start the sandbox, then load decks and open the store while it warms up."""
    from quizapp.sandbox.client import Sandbox

    sandbox = Sandbox()
    sandbox.start()
    from quizapp.decks.library import load_library
    from quizapp.grading.grader import Grader
    from quizapp.review.store import Store

    try:
        library = load_library(decks, settings=settings)
        store = Store(locations.store)
    except BaseException:
        sandbox.close()
        raise
    return Parts(library, store, sandbox, Grader(sandbox, trust), clock)

"""The composition root of both front ends: decks, store, sandbox and grader, each created on first use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from quizapp.errors import PtquizError
from quizapp.settings import Locations, Settings, locations, read_settings
from quizapp.text.streams import echo

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from quizapp.decks.library import Library
    from quizapp.error_log import ErrorLog
    from quizapp.grading.grader import Grader
    from quizapp.review.practice import PracticeFilter
    from quizapp.review.session import AnswerGrader, Session
    from quizapp.review.store import DeckCounts, Store
    from quizapp.sandbox.client import Sandbox


def utc_now() -> datetime:
    """Return the current time; everything below is given the clock as an argument."""
    return datetime.now(UTC)


def print_warning(error: PtquizError) -> None:
    """Print what is wrong and how to fix it on stderr, where the command can go on."""
    echo(f"warning: {error.message}" + (f"\nhint: {error.hint}" if error.hint else ""), err=True)


# Textual writes the arguments of a worker into its description, and printing a library of decks takes minutes.
@dataclass(frozen=True, slots=True, repr=False)
class Services:
    """Everything below the front ends, ready to be called from threads."""

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
        practice: PracticeFilter | None = None,
        grader: AnswerGrader | None = None,
    ) -> Session:
        """Return a session over these decks, these cards, or everything; with `practice`, outside the schedule."""
        from quizapp.review.session import Session

        return Session(
            self.library, grader or self.grader, self.store, settings, self.clock, decks, cards, practice=practice
        )

    def close(self) -> None:
        """End the sandbox first, so that threads that wait for it stop waiting."""
        self.sandbox.close()
        self.store.close()


@dataclass
class ServiceProvider:
    """Creates each service on first use. The fields are the options of the command line."""

    decks: tuple[str, ...] = ()
    trust: bool = False
    clock: Callable[[], datetime] = utc_now
    warn: Callable[[PtquizError], None] = print_warning
    """Called if the store is damaged and can still be read."""

    @cached_property
    def locations(self) -> Locations:
        return locations()

    @cached_property
    def settings(self) -> Settings:
        return read_settings(self.locations.settings)

    @cached_property
    def library(self) -> Library:
        """The decks. Raises DeckError if `decks` names a file with errors, UsageError for a folder without decks."""
        library = self.read_library()
        library.require_paths(self.decks)
        return library

    def check_named_decks(self) -> None:
        """Raise the errors of `library`. Reads no deck if no file is named."""
        from quizapp.decks.library import require_deck

        for path in map(Path, self.decks):
            require_deck(path)
            if path.is_file():
                _ = self.library

    def read_library(self) -> Library:
        """Read the decks as they are saved now, with and without errors."""
        from quizapp.decks.library import load_library

        return load_library(self.decks, settings=self.settings, cache_folder=self.locations.cache / "decks")

    @cached_property
    def store(self) -> Store:
        from quizapp.review.store_access import open_store

        return open_store(self.locations, self.settings, self.clock(), warn=self.warn)

    def check_store(self) -> None:
        """Raise StoreError if the store has fewer entries than its latest backup; `store` checks it again."""
        # Most imports are needed only where there is a backup to compare with.
        if any(self.locations.backups.glob("*.db")):
            from quizapp.review.store.completeness import require_complete

            require_complete(self.locations.store, self.locations.backups)

    @cached_property
    def sandbox(self) -> Sandbox:
        from quizapp.grading.judge_module import JUDGE
        from quizapp.sandbox.client import Sandbox

        return Sandbox(judge=JUDGE)

    @cached_property
    def errors(self) -> ErrorLog:
        from quizapp.error_log import ErrorLog

        return ErrorLog(self.locations.errors, self.clock)

    @cached_property
    def grader(self) -> Grader:
        from quizapp.grading.grader import Grader

        return Grader(
            self.sandbox, trust=self.trust, report_folder=self.locations.cache / "references", errors=self.errors
        )

    @cached_property
    def services(self) -> Services:
        return Services(self.library, self.store, self.sandbox, self.grader, self.clock)

    def open(self) -> Services:
        """Start the sandbox, then load decks and open the store while it warms up."""
        self.sandbox.start()
        return self.services

    def counts(self) -> dict[str, DeckCounts]:
        """Return the counts of every deck, by slug. Imports neither sessions nor grading, so that `due` is fast."""
        from quizapp.review.days import Days
        from quizapp.review.deck_sync import deck_counts

        return deck_counts(self.library, self.store, Days(None, self.settings.day_offset).day(self.clock()))

    def session(self, decks: Sequence[str] = (), practice: PracticeFilter | None = None) -> Session:
        return self.services.session(self.settings, list(decks) or None, practice=practice)

    def close(self) -> None:
        """Close the services that were created."""
        for name in ("sandbox", "store"):
            if name in self.__dict__:
                self.__dict__[name].close()


class PreviewProvider(ServiceProvider):
    """The same decks with a temporary review store, for `ptquiz preview`."""

    @cached_property
    def _folder(self) -> TemporaryDirectory[str]:
        from tempfile import TemporaryDirectory

        return TemporaryDirectory(prefix="ptquiz-preview-")

    @cached_property
    def store(self) -> Store:
        from quizapp.review.store import Store

        return Store(Path(self._folder.name, "reviews.db"))

    def check_store(self) -> None:
        """Do nothing: a preview does not read the learner's reviews."""

    def close(self) -> None:
        super().close()
        self._folder.cleanup()

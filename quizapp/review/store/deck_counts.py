"""How many cards of each deck are due, new, learned: counted once, then again only where a card changed."""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import Cursor
from typing import NamedTuple

from quizapp.review.days import Day
from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import micro
from quizapp.review.store.sql_statements import statements

SQL = statements("counts")
WATCH = ("watch decks", "watch dates", "watch hidden cards", "watch a first library", "watch libraries")
NOTHING = (0, 0, 0, 0)
MANY = 4
"""To count a deck again that did not change takes less than to note of each that it was counted."""

MORE = ""
"""Among the decks that are touched: more may have changed than dates."""


class DeckCounts(NamedTuple):
    """One deck as the home screen shows it."""

    due: int = 0
    """To review now or later today."""

    new: int = 0
    """Never seen, and unlocked."""

    learned: int = 0
    """Reviewed at least once."""

    waiting: int = 0
    """For CUDA."""

    locked: int = 0
    """New, and behind a card that comes first."""

    suspended: int = 0
    total: int = 0


class Counts:
    """Asks the tables `tallies` and `cards`, and remembers what they said of each deck."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._of: tuple[Day, int] | None = None
        """The day and the version of the file that was counted; None where nothing is known."""

        self._decks: dict[str, tuple[int, ...]] = {}
        """Deck -> cards due, learned, all."""

        self._aside: dict[str, tuple[int, ...]] = {}
        """Deck -> cards unseen and hidden, waiting, suspended, locked; few decks have any."""

        self._counts: dict[str, DeckCounts] = {}

    def by_deck(self, day: Day) -> dict[str, DeckCounts]:
        """Of every deck that has or had cards. Not within a transaction: what it changed may yet be taken back."""
        try:
            with self._db.reading() as execute:
                if self._of is None:
                    for statement in WATCH:
                        execute(SQL[statement])
                # The version changes when another process writes.
                now = (day, execute(SQL["version"]).fetchone()[0])
                self._count(execute, day, self._of != now)
                self._of = now
                return self._counts.copy()
        except BaseException:
            # What was noted is taken back with the transaction, the watch itself where it began here.
            self._of = None
            raise

    def _count(self, execute: Callable[..., Cursor], day: Day, anew: bool) -> None:
        """All decks, else those with a card that changed here, or with a card that one elsewhere unlocked."""
        if anew:
            self._decks, self._aside, self._counts = {}, {}, {}
            execute(SQL["touch all"])
        values = {"today": day.number, "end": micro(day.end)}
        counted = {row[0]: row[1:] for row in execute(SQL["decks"], values)}
        more = counted.pop(MORE, None) is not None
        stale = set(counted)
        if more:
            before = self._aside
            self._aside = {row[0]: row[1:] for row in execute(SQL["aside"], values)}
            stale |= {deck for deck, _ in before.items() ^ self._aside.items()}
        if more or len(counted) > MANY:
            execute(SQL["touched no more"])
        self._decks |= counted
        for deck in stale:
            self._counts[deck] = _counts(self._decks[deck], self._aside.get(deck, NOTHING))


def _counts(numbers: tuple[int, ...], aside: tuple[int, ...]) -> DeckCounts:
    (due, learned, total), (unseen, waiting, suspended, locked) = numbers, aside
    return DeckCounts(due, total - learned - unseen - locked, learned, waiting, locked, suspended, total)

"""Due, new and learned cards per deck, counted once and then again only for decks that changed."""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import Cursor
from typing import NamedTuple

from quizapp.review.days import Day
from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import to_micros
from quizapp.review.store.sql_statements import statements

SQL = statements("deck_counts")
WATCH = ("watch decks", "watch dates", "watch hidden cards", "watch first sync", "watch syncs")
NONE_HIDDEN = (0, 0, 0, 0)
MAX_UNCLEARED = 4
"""Up to this many touched decks stay marked: counting them again is cheaper than clearing the marks."""

NOT_ONLY_DATES = ""
"""The deck name under which the triggers record that more than due dates changed."""


class DeckCounts(NamedTuple):
    """The cards of one deck as the home screen shows them."""

    due: int = 0
    """Cards to review now or later today."""

    new: int = 0
    """Unlocked cards that were never reviewed."""

    learned: int = 0
    """Cards reviewed at least once."""

    waiting: int = 0
    """Cards that wait for CUDA."""

    locked: int = 0
    """New cards with a prerequisite that is not learned yet."""

    suspended: int = 0
    total: int = 0


class DeckCounter:
    """Reads the tables `tallies` and `cards`, and caches the counts of each deck."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._counted: tuple[Day, int] | None = None
        """Day and version of the file at the last count; None if there is no valid one."""

        self._decks: dict[str, tuple[int, ...]] = {}
        """Deck -> (due, learned, total)."""

        self._hidden: dict[str, tuple[int, ...]] = {}
        """Deck -> (new and hidden, waiting, suspended, locked), of the few decks with such cards."""

        self._counts: dict[str, DeckCounts] = {}

    def by_deck(self, day: Day) -> dict[str, DeckCounts]:
        """Return the counts of every deck with current or former cards. Not in `transaction`, which may roll back."""
        try:
            with self._db.snapshot() as execute:
                if self._counted is None:
                    for statement in WATCH:
                        execute(SQL[statement])
                # `pragma data_version` changes when another process writes; the triggers see only this connection.
                current = (day, execute(SQL["version"]).fetchone()[0])
                self._count(execute, day, everything=self._counted != current)
                self._counted = current
                return self._counts.copy()
        except BaseException:
            # The rollback also removes the marks, and the triggers if they were created here.
            self._counted = None
            raise

    def _count(self, execute: Callable[..., Cursor], day: Day, everything: bool) -> None:
        """Count all decks, or those with a changed card or a card that became locked or unlocked."""
        if everything:
            self._decks, self._hidden, self._counts = {}, {}, {}
            execute(SQL["touch all"])
        values = {"today": day.number, "end": to_micros(day.end)}
        counted = {row[0]: row[1:] for row in execute(SQL["decks"], values)}
        is_more_changed = counted.pop(NOT_ONLY_DATES, None) is not None
        stale = set(counted)
        if is_more_changed:
            before = self._hidden
            self._hidden = {row[0]: row[1:] for row in execute(SQL["hidden"], values)}
            stale |= {deck for deck, _ in before.items() ^ self._hidden.items()}
        if is_more_changed or len(counted) > MAX_UNCLEARED:
            execute(SQL["clear touched"])
        self._decks |= counted
        for deck in stale:
            self._counts[deck] = _counts(self._decks[deck], self._hidden.get(deck, NONE_HIDDEN))


def _counts(numbers: tuple[int, ...], hidden: tuple[int, ...]) -> DeckCounts:
    (due, learned, total), (new_hidden, waiting, suspended, locked) = numbers, hidden
    return DeckCounts(due, total - learned - new_hidden - locked, learned, waiting, locked, suspended, total)

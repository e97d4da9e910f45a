"""Queries of the statistics: maintained sums, plus the latest reviews that they do not include yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quizapp.grading.mistake import present_key
from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import from_micros, to_micros
from quizapp.review.store.sql_statements import statements

SQL = statements("statistics")

MAX_PENDING = 500
"""Entries that may be added up in every query before they are moved into the sums."""

Row = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HardCard:
    """A card that was forgotten at least once."""

    card: str
    reps: int
    lapses: int
    difficulty: float
    """FSRS difficulty, from 1 to 10."""


@dataclass(frozen=True, slots=True)
class SlowCard:
    """A card with its mean review time."""

    card: str
    reviews: int
    seconds: float


@dataclass(frozen=True, slots=True)
class MistakeCount:
    """A kind of mistake, and how often it was made."""

    mistake: str
    """A key of `Mistake`, or an unknown key from an old store."""

    attempts: int
    """Attempts with it, and reviews from before attempts were stored."""

    reviews: int
    """Reviews in which it was the first mistake."""


class StatisticsQueries:
    """Reads the sums as numbers. `learned` counts reviews of learned cards, `recalled` those not rated Again."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def update_sums(self, max_pending: int = MAX_PENDING) -> None:
        """Add the latest entries to the sums if there are more than `max_pending`."""
        row = self._db.row(SQL["pending"])
        # Null in a store that lost the row of `summed` by damage.
        if row and row[0] is not None and row[0] > max_pending:
            with self._db.transaction():
                self._db.run(SQL["update sums"])
                self._db.run(SQL["mark summed"])

    def rebuild_sums(self) -> None:
        """Compute all sums again from the log."""
        with self._db.transaction():
            for statement in ("delete sums", "recompute sums", "mark summed"):
                self._db.run(SQL[statement])

    def days(self) -> list[Row]:
        """Return (day, 1 for mature cards else 0, reviews, learned, recalled, milliseconds)."""
        return self._db.rows(SQL["days"])

    def predictions(self) -> list[tuple[float, int, int]]:
        """Return (predicted recall to the thousandth, reviews, recalled), lowest first."""
        return [(chance, reviews, recalled) for chance, reviews, recalled in self._db.rows(SQL["predictions"])]

    def seconds(self) -> list[tuple[int, int]]:
        """Return (whole seconds, number of reviews that took so long), shortest first."""
        return [(seconds, reviews) for seconds, reviews in self._db.rows(SQL["seconds"])]

    def decks(self) -> list[tuple[str, int, int, int, int]]:
        """Return (deck, reviews, learned, recalled, milliseconds)."""
        return [(deck, *numbers) for deck, *numbers in self._db.rows(SQL["decks"])]

    def cards(self) -> list[tuple[str, int, int]]:
        """Return (card, learned, recalled) of cards reviewed after learning; a card may occur twice: add the rows."""
        return [(name, learned, recalled) for name, learned, recalled in self._db.rows(SQL["cards"])]

    def dues(self, until: datetime) -> list[tuple[datetime, int]]:
        """Return (due date in UTC, number of cards) of cards due before `until`."""
        return [(from_micros(due), number) for due, number in self._db.rows(SQL["dues"], (to_micros(until),))]

    def hardest(self, limit: int) -> list[HardCard]:
        """Return the cards with the most lapses."""
        return [HardCard(*row) for row in self._db.rows(SQL["hardest"], (limit,))]

    def slowest(self, limit: int) -> list[SlowCard]:
        return [SlowCard(*row) for row in self._db.rows(SQL["slowest"], (limit,))]

    def mistakes(self, limit: int) -> list[MistakeCount]:
        """Return the mistakes, most frequent first; former keys count for the present ones."""
        found: dict[str, MistakeCount] = {}
        for stored, attempts, reviews in self._db.rows(SQL["mistakes"]):
            key = present_key(stored)
            sums = found.get(key, MistakeCount(key, 0, 0))
            found[key] = MistakeCount(key, sums.attempts + attempts, sums.reviews + reviews)
        return sorted(found.values(), key=lambda each: (-each.attempts, each.mistake))[:limit]

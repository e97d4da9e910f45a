"""What the statistics ask of the store: sums, and what the latest reviews add to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import micro, moment
from quizapp.review.store.sql_statements import statements

SQL = statements("statistics")

MOST_PENDING = 500
"""Entries that are added up with each look rather than once for all."""

Row = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HardCard:
    """A card that is forgotten."""

    card: str
    reps: int
    lapses: int
    difficulty: float


@dataclass(frozen=True, slots=True)
class SlowCard:
    """A card that takes long."""

    card: str
    reviews: int
    seconds: float
    """The mean."""


class StatisticsQueries:
    """Reads sums and cards as numbers. Learned: reviews of learned cards; recalled: those not forgotten."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def sum_up(self, pending: int = MOST_PENDING) -> None:
        """Add what is new in the log to the sums, where more than `pending` entries are."""
        row = self._db.row(SQL["pending"])
        if row and row[0] > pending:
            with self._db.transaction():
                self._db.run(SQL["sum up"])
                self._db.run(SQL["summed up"])

    def days(self) -> list[Row]:
        """(day, whether of mature cards, reviews, learned, recalled, milliseconds)."""
        return self._db.rows(SQL["days"])

    def predictions(self) -> list[tuple[float, int, int]]:
        """(predicted recall to the thousandth, reviews, recalled), the lowest first."""
        return [(chance, reviews, recalled) for chance, reviews, recalled in self._db.rows(SQL["predictions"])]

    def seconds(self) -> list[tuple[int, int]]:
        """(whole seconds, reviews that took so long), the shortest first."""
        return [(seconds, reviews) for seconds, reviews in self._db.rows(SQL["seconds"])]

    def decks(self) -> list[tuple[str, int, int, int, int]]:
        """(deck, reviews, learned, recalled, milliseconds)."""
        return [(deck, *numbers) for deck, *numbers in self._db.rows(SQL["decks"])]

    def cards(self) -> list[tuple[str, int, int]]:
        """(card, learned, recalled) of cards with a review that counts for retention; a card may come twice: add up."""
        return [(name, learned, recalled) for name, learned, recalled in self._db.rows(SQL["cards"])]

    def dues(self, until: datetime) -> list[tuple[datetime, int]]:
        """(when, how many cards are due then), of those due before `until`."""
        return [(moment(due), number) for due, number in self._db.rows(SQL["dues"], (micro(until),))]

    def hardest(self, count: int) -> list[HardCard]:
        return [HardCard(*row) for row in self._db.rows(SQL["hardest"], (count,))]

    def slowest(self, count: int) -> list[SlowCard]:
        return [SlowCard(*row) for row in self._db.rows(SQL["slowest"], (count,))]

    def mistakes(self, count: int) -> list[tuple[str, int]]:
        """(family, how often it was a review's first mistake), the most frequent first."""
        return [(family, number) for family, number in self._db.rows(SQL["mistakes"], (count,))]

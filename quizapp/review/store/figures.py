"""What the statistics ask of the store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from quizapp.review.store.database import Database
from quizapp.review.store.rows import micro
from quizapp.review.store.statements import statements

SQL = statements("statistics")


@dataclass(frozen=True, slots=True)
class Hard:
    """A card that is forgotten."""

    card: str
    reps: int
    lapses: int
    difficulty: float


class Figures:
    """Reads the log and the cards as numbers."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def facts(self) -> list[int]:
        """Every review that stands, packed as `statistics.sql` says, in no order."""
        return self._numbers("facts", ())

    def names(self) -> dict[int, str]:
        """A card's number -> its name, of cards with a history."""
        return dict(self._db.rows(SQL["names"]))

    def dues(self, until: datetime) -> list[int]:
        """When cards are due, in microseconds since 1970, of those due before `until`."""
        return self._numbers("dues", (micro(until),))

    def hardest(self, count: int) -> list[Hard]:
        return [Hard(*row) for row in self._db.rows(SQL["hardest"], (count,))]

    def mistakes(self, count: int) -> list[tuple[str, int]]:
        """(family, how often it was a review's first mistake), the most frequent first."""
        return [(family, number) for family, number in self._db.rows(SQL["mistakes"], (count,)) if number]

    def _numbers(self, statement: str, values: tuple[int, ...]) -> list[int]:
        """One JSON text is read in two thirds of the time that a million rows take."""
        row = self._db.row(SQL[statement], values)
        found: list[int] = json.loads(row[0]) if row else []
        return found

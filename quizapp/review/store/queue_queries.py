"""What the queue asks of the store: cards that are due, cards that are new."""

from __future__ import annotations

import json
from collections.abc import Collection, Generator
from datetime import datetime
from enum import StrEnum

from quizapp.review.days import Day
from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import micro, moment
from quizapp.review.store.sql_statements import statements

SQL = statements("queue")


class QueueOrder(StrEnum):
    """In which order due cards come."""

    DUE = "due"
    RETRIEVABILITY = "retrievability"
    RANDOM = "random"
    """The same all day long."""

    DECK = "deck"


class QueueQueries:
    """Reads the table `cards` by date."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def due(self, day: Day, order: QueueOrder, decks: Collection[str] | None) -> Generator[tuple[str, str]]:
        """(card, its notes as JSON) of learned cards whose day has come."""
        return self._db.stream(SQL[str(order)], _values(day, decks))

    def new(self, day: Day, decks: Collection[str] | None) -> Generator[tuple[str, str]]:
        """(card, its notes as JSON) of unlocked cards never seen, as the decks order them."""
        return self._db.stream(SQL["new"], _values(day, decks))

    def learning(self, day: Day, decks: Collection[str] | None) -> list[tuple[str, str, datetime]]:
        """(card, its notes as JSON, due) of cards within their steps, the first due first."""
        rows = self._db.rows(SQL["learning"], _values(day, decks))
        return [(name, notes, moment(due)) for name, notes, due in rows]

    def next_due(self) -> datetime | None:
        """When the next card is due, of all that may be shown."""
        row = self._db.row(SQL["next due"])
        return moment(row[0]) if row and row[0] is not None else None


def _values(day: Day, decks: Collection[str] | None) -> dict[str, object]:
    chosen = None if decks is None else json.dumps(sorted(decks))
    return {"today": day.number, "end": micro(day.end), "decks": chosen}

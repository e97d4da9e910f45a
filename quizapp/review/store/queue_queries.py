"""Queries of the review queue: cards that are due, new, or within their steps."""

from __future__ import annotations

import json
from collections.abc import Collection, Generator
from datetime import datetime
from enum import StrEnum

from quizapp.review.days import Day
from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import from_micros, to_micros
from quizapp.review.store.sql_statements import statements

SQL = statements("queue")


class QueueOrder(StrEnum):
    """The order of due cards: the values of the setting `order`."""

    DUE = "due"
    """Longest overdue first."""

    RETRIEVABILITY = "retrievability"
    """Most nearly forgotten first."""

    RANDOM = "random"
    """A random order that is the same all day."""

    DECK = "deck"


class QueueQueries:
    """Reads the table `cards` by date. `decks` None means all decks."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def due(self, day: Day, order: QueueOrder, decks: Collection[str] | None) -> Generator[tuple[str, str]]:
        """Yield (card, its notes as JSON) of the learned cards due on `day`."""
        return self._db.stream(SQL[str(order)], _values(day, decks))

    def new(self, day: Day, decks: Collection[str] | None) -> Generator[tuple[str, str]]:
        """Yield (card, its notes as JSON) of the unlocked new cards, in deck order."""
        return self._db.stream(SQL["new"], _values(day, decks))

    def learning(self, day: Day, decks: Collection[str] | None) -> list[tuple[str, str, datetime]]:
        """Return (card, its notes as JSON, due in UTC) of cards within their steps, the first due first."""
        rows = self._db.rows(SQL["learning"], _values(day, decks))
        return [(name, notes, from_micros(due)) for name, notes, due in rows]

    def next_new(self, day: Day) -> dict[str, str]:
        """Return deck -> its first new card that is not locked."""
        return {deck: name for deck, name, _ in self._db.rows(SQL["next new"], {"today": day.number})}

    def locks(self, day: Day) -> dict[str, str]:
        """Return deck -> the first card to learn of those that lock other cards of the deck."""
        return {deck: name for deck, name, _ in self._db.rows(SQL["locks"], {"today": day.number})}

    def next_due(self) -> datetime | None:
        """Return when the next card that may be shown is due, in UTC; None if no card has a date."""
        row = self._db.row(SQL["next due"])
        return from_micros(row[0]) if row and row[0] is not None else None


def _values(day: Day, decks: Collection[str] | None) -> dict[str, object]:
    chosen = None if decks is None else json.dumps(sorted(decks))
    return {"today": day.number, "end": to_micros(day.end), "decks": chosen}

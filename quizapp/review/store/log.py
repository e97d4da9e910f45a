"""The log of what happened: reviews, buries, suspensions, flags; undo adds to it and takes nothing away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quizapp.review.memory import Memory, Rating, Review
from quizapp.review.store.cards import SQL as CARDS
from quizapp.review.store.cards import Cards
from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import EntryKind, LogEntry, memory_values, micro, review_of, review_values
from quizapp.review.store.sql_statements import statements

SQL = statements("log")
WORK = statements("work")
COLUMNS = {EntryKind.BURY: "set buried", EntryKind.SUSPEND: "set suspended", EntryKind.FLAG: "set flagged"}


@dataclass(frozen=True, slots=True)
class Today:
    """What was done on one day, for the daily limits."""

    new: int
    reviews: int
    seconds: float
    rated: int


class Log:
    """The tables `log` and `undone`, and what follows from them for `cards`."""

    def __init__(self, database: Database, cards: Cards) -> None:
        self._db = database
        self._cards = cards

    def append(self, review: Review, memory: Memory, number: int | None = None) -> int:
        """On the disk when it returns: the review, the memory it leads to, its siblings' rest.

        `number` is the card's, where it is known.
        """
        with self._db.transaction():
            card = self._cards.id(review.card) if number is None else number
            entry = self._db.run(SQL["append review"], review_values(EntryKind.REVIEW, card, review, memory))
            self._db.run(CARDS["remember"], (*memory_values(memory), card))
            self._db.run(CARDS["rest siblings"], {"until": review.day + 1, "card": card})
            self._close(card)
        return entry

    def append_cram(self, review: Review) -> int:
        """A rating that leaves the schedule alone."""
        with self._db.transaction():
            card = self._cards.id(review.card)
            self._close(card)
            return self._db.run(SQL["append review"], review_values(EntryKind.CRAM, card, review, None))

    def act(self, kind: EntryKind, name: str, value: int, at: datetime, day: int) -> int:
        """Bury (`value`: until which day), suspend or flag (1 or 0), or reset (1)."""
        with self._db.transaction():
            card = self._cards.id(name)
            if kind is EntryKind.RESET:
                self._db.run(CARDS["forget"], (card,))
                self._db.run(CARDS["rest anew"], (card,))
            else:
                self._db.run(CARDS[COLUMNS[kind]], (value, card))
            return self._db.run(SQL["append act"], (int(kind), card, micro(at), day, value))

    def undo(self, at: datetime) -> LogEntry | None:
        """Take the last entry that stands out of account; None where there is none."""
        with self._db.transaction():
            row = self._db.row(SQL["last standing"])
            if not row:
                return None
            number, kind, card, name, value, rating = row
            self._db.run(SQL["undo"], (number, micro(at)))
            self._settle(card, EntryKind(kind))
            if kind == EntryKind.REVIEW:
                self._db.run(WORK["help again"], {"entry": number, "at": micro(at)})
            return LogEntry(number, EntryKind(kind), name, value, Rating(rating) if rating else None)

    def today(self, day: int) -> Today:
        row = self._db.row(SQL["today"], {"day": day})
        assert row
        return Today(*row)

    def reviews(self, card: str | None = None) -> list[Review]:
        """In order, undone ones marked; of one card or of all."""
        return [review_of(row) for row in self._db.rows(SQL["reviews"], {"card": card})]

    def outcomes(self) -> dict[str, str]:
        """Card -> what became of its last review that stands."""
        return dict(self._db.rows(SQL["last outcomes"]))

    def days(self) -> list[int]:
        """The days with at least one review, in no order."""
        return [day for (day,) in self._db.rows(SQL["days"])]

    def any(self) -> bool:
        """Whether anything was ever logged."""
        return self._db.row(SQL["any"]) is not None

    def forgotten(self, day: int) -> list[str]:
        """Cards rated Again on `day` that may be shown."""
        return [name for (name,) in self._db.rows(SQL["forgotten"], {"day": day})]

    def _close(self, card: int) -> None:
        """A rating ends the work on a card."""
        self._db.run(WORK["drop draft"], (card,))
        self._db.run(WORK["drop help"], (card,))

    def _settle(self, card: int, kind: EntryKind) -> None:
        """Make a card's columns what its remaining entries say."""
        if kind in COLUMNS:
            row = self._db.row(SQL["last act"], (card, int(kind)))
            self._db.run(CARDS[COLUMNS[kind]], (row[0] if row else 0, card))
        elif kind in (EntryKind.REVIEW, EntryKind.RESET):
            self._settle_memory(card, self._db.row(SQL["last memory"], {"card": card}))
            self._db.run(CARDS["rest anew"], (card,))

    def _settle_memory(self, card: int, last: tuple[Any, ...] | None) -> None:
        if last is None:
            self._db.run(CARDS["forget"], (card,))
            return
        counts = self._db.row(SQL["reps and lapses"], {"card": card})
        assert counts
        *columns, fingerprint = last
        self._db.run(CARDS["remember"], (*columns, *counts, fingerprint, card))

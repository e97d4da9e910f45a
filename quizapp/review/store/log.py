"""The append-only log of reviews and actions; undo adds to it and removes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from quizapp.review.memory import Memory, MemoryState, Rating, Review
from quizapp.review.store.cards import SET_FLAG, Cards
from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import (
    EntryKind,
    LogEntry,
    from_micros,
    memory_from_row,
    review_from_row,
    review_to_row,
    to_micros,
)
from quizapp.review.store.sql_statements import statements

SQL = statements("log")
DRAFTS = statements("drafts")


@dataclass(frozen=True, slots=True)
class DayTotals:
    """The reviews of one day, for the daily limits."""

    new: int
    """First reviews of new cards."""

    reviews: int
    """Reviews of learned cards."""

    seconds: float
    """Time of all reviews."""

    rated: int
    """All reviews, those within the learning steps included."""


class ReplayedReview(NamedTuple):
    """A review, and the schedule that it set."""

    rating: Rating
    at: datetime
    """UTC."""

    day: int
    state: MemoryState
    step: int | None
    due: datetime
    """UTC."""

    fingerprint: str


class ReplayEntry(NamedTuple):
    """One entry that is not undone, as needed to derive the cards from the log."""

    card_id: int
    card: str
    kind: EntryKind
    value: int | None
    """See `LogEntry.value`."""

    review: ReplayedReview | None
    """The review; None for other kinds."""


class Log:
    """Reads and writes the tables `log` and `undone`, and keeps the derived columns of `cards` up to date."""

    def __init__(self, database: Database, cards: Cards) -> None:
        self._db = database
        self._cards = cards
        self._undone: list[LogEntry] = []
        """Entries that `redo` can repeat, the next one last."""

        self._last_number = 0
        """The number of the last entry when one of them was undone or repeated."""

    def append(self, review: Review, memory: Memory, card_id: int | None = None) -> int:
        """Save a review with the memory after it, and bury the siblings until tomorrow. Durable on return.

        `card_id` saves a query if the caller knows it. Return the entry's number.
        """
        with self._db.transaction():
            card = self._cards.ensure_id(review.card) if card_id is None else card_id
            entry = self._db.run(SQL["append review"], review_to_row(EntryKind.REVIEW, card, review, memory))
            self._cards.set_memory(card, memory)
            self._cards.bury_siblings(card, until=review.day + 1)
            self._delete_progress(card)
        return entry

    def append_practice(self, review: Review) -> int:
        """Save a rating that leaves the schedule alone. Durable on return."""
        with self._db.transaction():
            card = self._cards.ensure_id(review.card)
            self._delete_progress(card)
            return self._db.run(SQL["append review"], review_to_row(EntryKind.CRAM, card, review, None))

    def append_action(self, kind: EntryKind, name: str, value: int, at: datetime, day: int) -> int:
        """Bury a card (`value`: the first day it may be shown), suspend or flag it (1 or 0), or reset it (1)."""
        with self._db.transaction():
            card = self._cards.ensure_id(name)
            if kind is EntryKind.RESET:
                self._cards.set_memory(card, None)
                self._cards.recompute_sibling_burials(card)
            else:
                self._cards.set_flag(card, kind, value)
            return self._db.run(SQL["append action"], (int(kind), card, to_micros(at), day, value))

    def undo(self, at: datetime, protected: Collection[EntryKind] = ()) -> LogEntry | None:
        """Mark the last entry as undone and restore the card; return the entry.

        Return None if the log has no more, or if the last entry is of a `protected` kind.
        """
        with self._db.transaction():
            if (entry := self.last_entry(protected)) is None:
                return None
            self._db.run(SQL["undo"], (entry.id, to_micros(at)))
            self._restore(self._cards.ensure_id(entry.card), entry)
            if entry.kind is EntryKind.REVIEW:
                self._db.run(DRAFTS["restore help"], {"entry": entry.id, "at": to_micros(at)})
        self._forget_undone_before_new_entries()
        self._undone.append(entry)
        return entry

    def last_entry(self, protected: Collection[EntryKind] = ()) -> LogEntry | None:
        """Return the entry that `undo` would undo."""
        row = self._db.row(SQL["last entry"])
        if not row or row[1] in protected:
            return None
        number, kind, _, name, value, rating = row
        return LogEntry(number, EntryKind(kind), name, value, Rating(rating) if rating else None)

    def redo(self) -> LogEntry | None:
        """Repeat the entry that was undone last; return it, or None if there is none or anything happened since."""
        self._forget_undone_before_new_entries()
        if not self._undone:
            return None
        entry = self._undone[-1]
        with self._db.transaction():
            card_id = self._cards.ensure_id(entry.card)
            number = self._db.run(SQL["repeat entry"], (entry.id,))
            self._restore(card_id, entry)
            if entry.kind in (EntryKind.REVIEW, EntryKind.CRAM):
                self._delete_progress(card_id)
        self._last_number = number
        return self._undone.pop()

    def _forget_undone_before_new_entries(self) -> None:
        """Forget what could be repeated if this or another process has added entries: they replace it."""
        row = self._db.row(SQL["length"])
        assert row
        if row[0] != self._last_number:
            self._undone.clear()
            self._last_number = row[0]

    def day_totals(self, day: int) -> DayTotals:
        row = self._db.row(SQL["day totals"], {"day": day})
        assert row
        return DayTotals(*row)

    def reviews(self, card: str | None = None) -> list[Review]:
        """Return the reviews of one card or of all, oldest first, including those undone."""
        return [review_from_row(row) for row in self._db.rows(SQL["reviews"], {"card": card})]

    def last_outcomes(self) -> dict[str, str]:
        """Return for each card in the library the outcome of its last review that is not undone."""
        return dict(self._db.rows(SQL["last outcomes"]))

    def days(self) -> list[int]:
        """Return the days with at least one review, in no particular order."""
        return [day for (day,) in self._db.rows(SQL["days"])]

    def has_entries(self) -> bool:
        return self._db.row(SQL["has entries"]) is not None

    def reviews_after(self, moment: datetime) -> int:
        """Return the number of reviews after `moment` that are not undone."""
        row = self._db.row(SQL["reviews after"], (to_micros(moment),))
        assert row
        return int(row[0])

    def forgotten_on(self, day: int) -> list[str]:
        """Return the cards rated Again on `day`, without those suspended or waiting."""
        return [name for (name,) in self._db.rows(SQL["forgotten on"], {"day": day})]

    def replay(self) -> Iterator[ReplayEntry]:
        """Yield the entries that are not undone, grouped by card, oldest first. The caller may write meanwhile."""
        for kind, card_id, card, rating, at, day, value, state, step, due, fingerprint in self._db.rows(SQL["replay"]):
            review = None
            if kind == EntryKind.REVIEW:
                schedule = (MemoryState(state), step, from_micros(due), fingerprint)
                review = ReplayedReview(Rating(rating), from_micros(at), day, *schedule)
            yield ReplayEntry(card_id, card, EntryKind(kind), value, review)

    def _delete_progress(self, card_id: int) -> None:
        """Delete the draft and the help taken: a rating ends them."""
        self._db.run(DRAFTS["delete draft"], (card_id,))
        self._db.run(DRAFTS["delete help"], (card_id,))

    def _restore(self, card_id: int, undone: LogEntry) -> None:
        """Derive a card's columns from its remaining entries."""
        if undone.kind in SET_FLAG:
            row = self._db.row(SQL["last action"], (card_id, int(undone.kind)))
            self._cards.set_flag(card_id, undone.kind, row[0] if row else 0)
        elif undone.kind in (EntryKind.REVIEW, EntryKind.RESET):
            self._cards.set_memory(card_id, self._last_memory(card_id, undone.card))
            self._cards.recompute_sibling_burials(card_id)

    def _last_memory(self, card_id: int, name: str) -> Memory | None:
        last = self._db.row(SQL["last memory"], {"card": card_id})
        if last is None:
            return None
        counts = self._db.row(SQL["reps and lapses"], {"card": card_id})
        assert counts
        *columns, fingerprint = last
        return memory_from_row(name, (*columns, *counts, fingerprint))

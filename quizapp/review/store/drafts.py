"""Work in progress: drafts as one types, and every answer that was submitted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quizapp.review.memory import Memory
from quizapp.review.store.cards import Cards
from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import Attempt, memory_of, micro, moment
from quizapp.review.store.sql_statements import statements

SQL = statements("work")


@dataclass(frozen=True, slots=True)
class CardProgress:
    """What a card is shown with."""

    memory: Memory | None
    draft: str | None
    attempts: tuple[Attempt, ...]
    """Of today, in order, those that no rating has closed."""

    hints: int = 0
    gave_up: bool = False
    """Help taken today that no rating has closed."""


class Drafts:
    """The tables `drafts`, `helps` and `attempts`."""

    def __init__(self, database: Database, cards: Cards) -> None:
        self._db = database
        self._cards = cards

    def save_draft(self, card: str, text: str, at: datetime) -> None:
        """On the disk when it returns."""
        with self._db.transaction():
            self._db.run(SQL["save draft"], (self._cards.id(card), text, micro(at)))

    def shown(self, card: str, morning: datetime) -> CardProgress:
        """What a card is shown with, asked for at once."""
        row = self._db.row(SQL["shown"], {"card": card, "morning": micro(morning)})
        if row is None:
            return CardProgress(None, None, ())
        *memory, draft, answered, hints, gave_up = row
        known = memory_of(card, tuple(memory)) if memory[0] else None
        since = max(morning, known.last_review) if known else morning
        attempts = tuple(self.open_attempts(card, since)) if answered else ()
        return CardProgress(known, draft, attempts, hints, bool(gave_up))

    def draft(self, card: str) -> str | None:
        row = self._db.row(SQL["draft"], (card,))
        return row[0] if row else None

    def drop_draft(self, card: str) -> None:
        with self._db.transaction():
            self._db.run(SQL["drop draft"], (self._cards.id(card),))

    def save_help(self, card: str, hints: int, gave_up: bool, at: datetime) -> None:
        """Taken on a card that no rating has closed."""
        with self._db.transaction():
            self._db.run(SQL["save help"], (self._cards.id(card), hints, int(gave_up), micro(at)))

    def add_attempt(self, card: str, attempt: Attempt) -> None:
        with self._db.transaction():
            self._db.run(
                SQL["attempt"],
                (
                    self._cards.id(card),
                    micro(attempt.at),
                    attempt.answer,
                    attempt.outcome,
                    attempt.score,
                    attempt.family,
                    attempt.said,
                    attempt.seconds,
                    int(attempt.cram),
                ),
            )

    def attempts(self, card: str, limit: int = 20) -> list[Attempt]:
        """The latest first."""
        return [_attempt(row) for row in self._db.rows(SQL["attempts"], (card, limit))]

    def open_attempts(self, card: str, since: datetime) -> list[Attempt]:
        """In order, those after `since` that no rating has closed; cram does not count."""
        return [_attempt(row) for row in self._db.rows(SQL["open attempts"], (card, micro(since)))]


def _attempt(row: tuple[Any, ...]) -> Attempt:
    at, answer, outcome, score, family, said, seconds, cram = row
    return Attempt(moment(at), answer, outcome, score, family, said, seconds, bool(cram))

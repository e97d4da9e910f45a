"""Work in progress: drafts as one types, and every answer that was submitted."""

from __future__ import annotations

from datetime import datetime

from quizapp.review.store.cards import Cards
from quizapp.review.store.database import Database
from quizapp.review.store.rows import Attempt, micro, moment
from quizapp.review.store.statements import statements

SQL = statements("work")


class Work:
    """The tables `drafts` and `attempts`."""

    def __init__(self, database: Database, cards: Cards) -> None:
        self._db = database
        self._cards = cards

    def save_draft(self, card: str, text: str, at: datetime) -> None:
        """On the disk when it returns."""
        with self._db.transaction():
            self._db.run(SQL["save draft"], (self._cards.id(card), text, micro(at)))

    def draft(self, card: str) -> str | None:
        row = self._db.row(SQL["draft"], (card,))
        return row[0] if row else None

    def drop_draft(self, card: str) -> None:
        with self._db.transaction():
            self._db.run(SQL["drop draft"], (self._cards.id(card),))

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
                ),
            )

    def attempts(self, card: str, limit: int = 20) -> list[Attempt]:
        """The latest first."""
        rows = self._db.rows(SQL["attempts"], (card, limit))
        return [Attempt(moment(row[0]), *row[1:]) for row in rows]

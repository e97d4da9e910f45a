"""Drafts, submitted answers, and help taken since the last rating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quizapp.grading.mistake import present_key
from quizapp.review.memory import Memory
from quizapp.review.store.cards import Cards
from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import MAX_ANSWER_LENGTH, Attempt, from_micros, memory_from_row, to_micros
from quizapp.review.store.sql_statements import statements

SQL = statements("drafts")


@dataclass(frozen=True, slots=True)
class CardProgress:
    """Everything stored about a card that is needed to show it."""

    memory: Memory | None
    draft: str | None
    attempts: tuple[Attempt, ...]
    """Today's answers since the last rating, oldest first."""

    hints: int = 0
    """Hints taken today since the last rating."""

    gave_up: bool = False
    """Whether the learner gave up today since the last rating."""


class Drafts:
    """Reads and writes the tables `drafts`, `helps` and `attempts`."""

    def __init__(self, database: Database, cards: Cards) -> None:
        self._db = database
        self._cards = cards

    def save_draft(self, card: str, text: str, at: datetime) -> None:
        """Save the first `MAX_ANSWER_LENGTH` characters of the draft. Durable on return."""
        with self._db.transaction():
            card_id = self._cards.ensure_id(card)
            self._db.run(SQL["save draft"], (card_id, text[:MAX_ANSWER_LENGTH], to_micros(at)))

    def progress(self, card: str, day_start: datetime) -> CardProgress:
        """Return what is needed to show a card; earlier help and answers than `day_start` do not count."""
        # One statement, as a card is shown after every rating.
        row = self._db.row(SQL["progress"], {"card": card, "day_start": to_micros(day_start)})
        if row is None:
            return CardProgress(None, None, ())
        *columns, draft, has_attempts, hints, gave_up = row
        memory = memory_from_row(card, tuple(columns)) if columns[0] else None
        since = max(day_start, memory.last_review) if memory else day_start
        attempts = tuple(self.unrated_attempts(card, since)) if has_attempts else ()
        return CardProgress(memory, draft, attempts, hints, bool(gave_up))

    def draft(self, card: str) -> str | None:
        row = self._db.row(SQL["draft"], (card,))
        return row[0] if row else None

    def save_help(self, card: str, hints: int, gave_up: bool, at: datetime) -> None:
        """Save the hints taken and giving up, until the card is rated."""
        with self._db.transaction():
            self._db.run(SQL["save help"], (self._cards.ensure_id(card), hints, int(gave_up), to_micros(at)))

    def add_attempt(self, card: str, attempt: Attempt) -> None:
        with self._db.transaction():
            self._db.run(
                SQL["add attempt"],
                (
                    self._cards.ensure_id(card),
                    to_micros(attempt.at),
                    attempt.answer[:MAX_ANSWER_LENGTH],
                    attempt.outcome,
                    attempt.score,
                    attempt.mistake,
                    attempt.summary,
                    attempt.seconds,
                    int(attempt.is_practice),
                ),
            )

    def attempts(self, card: str, limit: int = 20) -> list[Attempt]:
        """Return the latest answers, newest first."""
        return [_attempt(row) for row in self._db.rows(SQL["attempts"], (card, limit))]

    def cards_with_mistake(self, key: str) -> list[str]:
        """Return the cards on which this mistake was made, longest ago first; former keys count for the present one."""
        rows = self._db.rows(SQL["mistakes"])
        return list(dict.fromkeys(card for stored, card in rows if present_key(stored) == key))

    def unrated_attempts(self, card: str, since: datetime) -> list[Attempt]:
        """Return the answers after `since`, oldest first, without those given in practice."""
        return [_attempt(row) for row in self._db.rows(SQL["unrated attempts"], (card, to_micros(since)))]


def _attempt(row: tuple[Any, ...]) -> Attempt:
    at, answer, outcome, score, mistake, summary, seconds, is_practice = row
    return Attempt(from_micros(at), answer, outcome, score, mistake, summary, seconds, bool(is_practice))

"""Rows of the database <-> the facts of `review.memory`. Times are microseconds since 1970, UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

from quizapp.review.memory import Memory, MemoryState, Rating, Review

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class EntryKind(IntEnum):
    """What an entry of the log records."""

    REVIEW = 1
    CRAM = 2
    BURY = 3
    SUSPEND = 4
    FLAG = 5
    RESET = 6
    """Learned anew from here on: what came before no longer makes a memory."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of the log, as undo names it."""

    id: int
    kind: EntryKind
    card: str
    value: int | None = None
    rating: Rating | None = None

    def __str__(self) -> str:
        if self.rating is not None:
            return f"{self.kind.name.lower()} of {self.card} ({self.rating.label})"
        verb = self.kind.name.lower()
        return f"{verb} {self.card}" if self.value else f"un{verb} {self.card}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer that was submitted, and what became of it."""

    at: datetime
    answer: str
    outcome: str
    score: float
    family: str | None
    said: str | None
    """The verdict in one line."""

    seconds: float
    cram: bool = False


@dataclass(frozen=True, slots=True)
class CardFlags:
    """What keeps a card from being shown, beside its date."""

    suspended: bool = False
    flagged: bool = False
    buried: int = 0
    """The first day on which it may be shown again."""

    rested: int = 0
    """The same, for the sake of a sibling."""

    waiting: bool = False
    """For CUDA."""


def micro(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def moment(micros: int) -> datetime:
    return EPOCH + micros * MICROSECOND


def memory_of(card: str, row: tuple[Any, ...]) -> Memory:
    """From the columns state … fingerprint, in the table's order."""
    state, step, stability, difficulty, due, last_review, last_day, reps, lapses, fingerprint = row
    return Memory(
        card,
        MemoryState(state),
        step,
        stability,
        difficulty,
        moment(due),
        moment(last_review),
        last_day,
        reps,
        lapses,
        fingerprint,
    )


def memory_values(memory: Memory) -> tuple[Any, ...]:
    """For the statement `remember`, without the card's id."""
    return (
        int(memory.state),
        memory.step,
        memory.stability,
        memory.difficulty,
        micro(memory.due),
        micro(memory.last_review),
        memory.last_day,
        memory.reps,
        memory.lapses,
        memory.fingerprint,
    )


def review_values(kind: EntryKind, card: int, review: Review, memory: Memory | None) -> tuple[Any, ...]:
    """For the statement `append review`; `memory` is the one after, None where the schedule stays."""
    after: tuple[Any, ...] = (None,) * 6
    if memory:
        after = (
            int(memory.state),
            memory.step,
            memory.stability,
            memory.difficulty,
            micro(memory.due),
            memory.fingerprint,
        )
    return (
        int(kind),
        card,
        micro(review.at),
        review.day,
        int(review.rating),
        int(review.proposed),
        review.why,
        review.outcome,
        review.first,
        review.score,
        review.tries,
        review.hints,
        int(review.gave_up),
        review.seconds,
        review.family,
        int(review.before),
        review.elapsed,
        review.scheduled,
        review.predicted,
        *after,
    )


def review_of(row: tuple[Any, ...]) -> Review:
    """From the columns of the statement `reviews`."""
    id, card, rating, proposed, at, day, why, outcome, first, score, tries, hints = row[:12]
    gave_up, seconds, family, before, elapsed, scheduled, predicted, undone = row[12:]
    return Review(
        card=card,
        rating=Rating(rating),
        proposed=Rating(proposed),
        at=moment(at),
        day=day,
        why=why,
        outcome=outcome,
        first=first,
        score=score,
        tries=tries,
        hints=hints,
        gave_up=bool(gave_up),
        seconds=seconds,
        family=family,
        before=MemoryState(before),
        elapsed=elapsed,
        scheduled=scheduled,
        predicted=predicted,
        id=id,
        undone=bool(undone),
    )

"""Conversion between database rows and dataclasses. Times in rows are microseconds since 1970-01-01 UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

from quizapp.review.memory import Memory, MemoryState, Rating, Review

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MAX_ANSWER_LENGTH = 1 << 20
"""Characters of an answer or a draft that are stored and imported: far more than are graded."""


class EntryKind(IntEnum):
    """The kind of a log entry. The names are those of the export format."""

    REVIEW = 1
    CRAM = 2
    """A rating given in practice outside the schedule."""

    BURY = 3
    SUSPEND = 4
    FLAG = 5
    RESET = 6
    """Earlier reviews no longer count towards the memory."""

    @property
    def label(self) -> str:
        return "practice" if self is EntryKind.CRAM else self.name.lower()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry of the log. `str` describes it for undo: `review of means/rows (Good)`, `unflag means/rows`."""

    id: int
    """Its number in the log, from 1 in order of time."""

    kind: EntryKind
    card: str
    """`deck/id`."""

    value: int | None = None
    """The first day (ordinal) on which a buried card returns; 1 or 0 for suspend, flag and reset; None for reviews."""

    rating: Rating | None = None
    """The rating of a review or practice; else None."""

    def __str__(self) -> str:
        if self.rating is not None:
            return f"{self.kind.label} of {self.card} ({self.rating.label})"
        return f"{self.kind.label} {self.card}" if self.value else f"un{self.kind.label} {self.card}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A submitted answer and its verdict."""

    at: datetime
    """Time of submission, UTC; stored in microseconds since 1970."""

    answer: str
    """The text as typed."""

    outcome: str
    """An `Outcome` as text."""

    score: float
    """Share of the points earned, from 0 to 1."""

    mistake: str | None
    """The key of the mistake, such as `transposed`; None if it has none."""

    summary: str | None
    """The verdict in one line; None for a plain pass or fail."""

    seconds: float
    """Wall time from the question to the answer, at most `card_attempt.MAX_SECONDS`."""

    is_practice: bool = False
    """Whether it was submitted outside the schedule, so that it is no evidence for a rating."""


@dataclass(frozen=True, slots=True)
class CardFlags:
    """Everything besides the due date that hides or marks a card."""

    suspended: bool = False
    flagged: bool = False
    buried_until: int = 0
    """The first day (ordinal) on which the card may be shown again."""

    sibling_buried_until: int = 0
    """Like `buried_until`, but set by the review of a sibling."""

    waiting: bool = False
    """Whether the card needs CUDA, which this machine does not have."""


def to_micros(moment: datetime) -> int:
    """Return microseconds since 1970-01-01 UTC."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    return EPOCH + micros * MICROSECOND


def memory_from_row(card: str, row: tuple[Any, ...]) -> Memory:
    """Return the memory from the columns `state` to `fingerprint` of `cards`, in the table's order."""
    state, step, stability, difficulty, due, last_review, last_day, reps, lapses, fingerprint = row
    return Memory(
        card,
        MemoryState(state),
        step,
        stability,
        difficulty,
        from_micros(due),
        from_micros(last_review),
        last_day,
        reps,
        lapses,
        fingerprint,
    )


def memory_to_row(memory: Memory) -> tuple[Any, ...]:
    """Return the values of the statement `set memory`, except the card's id."""
    return (
        int(memory.state),
        memory.step,
        memory.stability,
        memory.difficulty,
        to_micros(memory.due),
        to_micros(memory.last_review),
        memory.last_day,
        memory.reps,
        memory.lapses,
        memory.fingerprint,
    )


def review_to_row(kind: EntryKind, card: int, review: Review, memory: Memory | None) -> tuple[Any, ...]:
    """Return the values of `append review`; `memory` is the one after it, None if the schedule is unchanged."""
    after: tuple[Any, ...] = (None,) * 6
    if memory:
        after = (
            int(memory.state),
            memory.step,
            memory.stability,
            memory.difficulty,
            to_micros(memory.due),
            memory.fingerprint,
        )
    return (
        int(kind),
        card,
        to_micros(review.at),
        review.day,
        int(review.rating),
        int(review.proposed),
        review.why,
        review.outcome,
        review.first_outcome,
        review.first_score,
        review.tries,
        review.hints,
        int(review.gave_up),
        review.seconds,
        review.mistake,
        int(review.state_before),
        review.elapsed_days,
        review.scheduled_days,
        review.predicted_recall,
        *after,
    )


def review_from_row(row: tuple[Any, ...]) -> Review:
    """Return the review from the columns of the statement `reviews`."""
    id, card, rating, proposed, at, day, why, outcome, first_outcome, first_score, tries, hints = row[:12]
    gave_up, seconds, mistake, state_before, elapsed_days, scheduled_days, predicted_recall, is_undone = row[12:]
    return Review(
        card=card,
        rating=Rating(rating),
        proposed=Rating(proposed),
        at=from_micros(at),
        day=day,
        why=why,
        outcome=outcome,
        first_outcome=first_outcome,
        first_score=first_score,
        tries=tries,
        hints=hints,
        gave_up=bool(gave_up),
        seconds=seconds,
        mistake=mistake,
        state_before=MemoryState(state_before),
        elapsed_days=elapsed_days,
        scheduled_days=scheduled_days,
        predicted_recall=predicted_recall,
        id=id,
        undone=bool(is_undone),
    )

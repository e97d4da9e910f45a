"""What is known of a card's memory, and what one review adds: facts, derived from the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Rating(IntEnum):
    """How well the learner knew it; FSRS's own four."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4

    @property
    def label(self) -> str:
        return self.name.capitalize()


class MemoryState(IntEnum):
    """Where a card stands; the last three are FSRS's own numbers."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


@dataclass(frozen=True, slots=True)
class Memory:
    """One card's FSRS state."""

    card: str
    state: MemoryState
    step: int | None
    """Place in the learning or relearning steps; None in review."""

    stability: float
    """Days until recall falls to 90 %."""

    difficulty: float
    """From 1 to 10."""

    due: datetime
    """UTC. Begins a local day where the interval is in whole days."""

    last_review: datetime
    last_day: int
    """The local day of the last review: FSRS counts the days between, not the hours."""

    reps: int = 1
    lapses: int = 0
    """How often it was forgotten after it had been learned."""

    fingerprint: str = ""
    """Of the card's solution and checks when it was last reviewed."""


@dataclass(frozen=True, slots=True)
class Review:
    """A rated verdict: one row of the log."""

    card: str
    rating: Rating
    proposed: Rating
    at: datetime
    """UTC."""

    day: int
    """The local day."""

    why: str = ""
    outcome: str = ""
    """The last verdict's, `gave-up` where there was none."""

    first: str = ""
    """The first verdict's outcome; the evidence that counts most."""

    score: float = 0.0
    """Of the first verdict."""

    tries: int = 0
    hints: int = 0
    gave_up: bool = False
    seconds: float = 0.0
    """From the question to the first right answer, or to giving up."""

    family: str | None = None
    """The kind of the first mistake."""

    before: MemoryState = MemoryState.NEW
    elapsed: int | None = None
    """Days since the review before; None for the first."""

    scheduled: int = 0
    """Days that the interval before was meant to last; 0 within the learning steps."""

    predicted: float | None = None
    """The probability of recall that FSRS gave before the answer; None for the first review."""

    id: int = 0
    """Its number in the log; 0 until it is there."""

    undone: bool = False

"""A card's FSRS memory and one rated review of it: immutable facts, derived from or written to the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Rating(IntEnum):
    """How well the learner knew the card: the ratings of FSRS, with its numbers."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4

    @property
    def label(self) -> str:
        return self.name.capitalize()


class MemoryState(IntEnum):
    """The learning state of a card. All but NEW have the numbers of `fsrs.State`."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


@dataclass(frozen=True, slots=True)
class Memory:
    """The FSRS state of one card."""

    card: str
    """`deck/id`."""

    state: MemoryState
    step: int | None
    """Index into the learning or relearning steps; None in REVIEW."""

    stability: float
    """Days until the probability of recall falls to 90 %."""

    difficulty: float
    """FSRS difficulty, from 1 to 10."""

    due: datetime
    """UTC. The start of a local day if the interval is in whole days."""

    last_review: datetime
    """UTC."""

    last_day: int
    """The local day (ordinal) of the last review: intervals are counted in days, not hours."""

    reps: int = 1
    """Number of reviews."""

    lapses: int = 0
    """Number of times that the card was rated Again in REVIEW."""

    fingerprint: str = ""
    """Fingerprint of the card's solution and checks at the last review."""


@dataclass(frozen=True, slots=True)
class Review:
    """A rated verdict: one row of the log."""

    card: str
    """`deck/id`."""

    rating: Rating
    proposed: Rating
    at: datetime
    """UTC."""

    day: int
    """The local day (ordinal)."""

    why: str = ""
    """The reason for the proposal."""

    outcome: str = ""
    """Outcome of the last verdict; `gave-up` if no answer was graded."""

    first_outcome: str = ""
    """Outcome of the first verdict, the most important evidence."""

    first_score: float = 0.0
    """Score of the first verdict, from 0 to 1."""

    tries: int = 0
    """Graded answers up to the first right one."""

    hints: int = 0
    gave_up: bool = False
    seconds: float = 0.0
    """Time from the question to the first right answer or giving up."""

    mistake: str | None = None
    """The key of the first mistake, a member of `Mistake` unless an older version wrote it."""

    state_before: MemoryState = MemoryState.NEW
    elapsed_days: int | None = None
    """Days since the previous review; None for the first."""

    scheduled_days: int = 0
    """The planned interval before this review; 0 within the learning steps."""

    predicted_recall: float | None = None
    """Probability of recall that FSRS predicted before the answer; None for the first review."""

    id: int = 0
    """Number in the log; 0 before it is saved."""

    undone: bool = False

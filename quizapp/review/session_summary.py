"""The totals of one session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from quizapp.grading.verdict import Outcome
from quizapp.review.memory import Rating, Review


@dataclass(frozen=True, slots=True)
class Summary:
    """The reviews since the session began."""

    reviews: int = 0
    passed: int = 0
    """Reviews that ended with a right answer."""

    again: int = 0
    """Reviews rated Again."""

    new: int = 0
    """First reviews of a card."""

    minutes: float = 0.0
    next_due: datetime | None = None
    """Due date of the next card, UTC; None if no card has one."""

    mistakes: Mapping[str, int] = field(default_factory=dict)
    """Key of a mistake -> reviews with it, in the order in which they were first made."""

    is_practice: bool = False

    def after(self, review: Review) -> Summary:
        """Return the totals with one more review."""
        return Summary(
            self.reviews + 1,
            self.passed + (review.outcome == Outcome.PASSED),
            self.again + (review.rating is Rating.AGAIN),
            self.new + (review.elapsed_days is None),
            self.minutes + review.seconds / 60,
            self.next_due,
            Counter(self.mistakes) + Counter([review.mistake] if review.mistake else []),
            self.is_practice,
        )

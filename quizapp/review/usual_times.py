"""The learner's usual answer time, against which an answer is fast or slow."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.decks.card import Card, CardKind
from quizapp.review.store import Store

MIN_TIMES = 5
"""Earlier times needed for a usual time."""


@dataclass(slots=True)
class UsualTimes:
    """Median times of first-try passes per kind and level of card, each read once."""

    store: Store
    _seconds: dict[tuple[CardKind, int], float | None] = field(default_factory=dict)

    def seconds(self, card: Card) -> float | None:
        """Return the usual time for cards like this one; None if there are too few earlier times."""
        key = (card.kind, card.level)
        if key not in self._seconds:
            times = self.store.cards.first_try_seconds(card)
            # Of an even number, the upper middle value: precise enough for a proposal.
            self._seconds[key] = sorted(times)[len(times) // 2] if len(times) >= MIN_TIMES else None
        return self._seconds[key]

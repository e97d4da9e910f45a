"""Practice outside the schedule: which cards, and in which order. Nothing here moves a due date."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from quizapp.decks.card import Card
from quizapp.review.days import Days
from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.review.store import Store


@dataclass(frozen=True, slots=True)
class PracticeFilter:
    """What to practise; what is left empty does not narrow."""

    decks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    forgotten_today: bool = False
    ahead: int | None = None
    """Only cards that fall due within so many days."""

    seed: int | None = None
    """Shuffle with it; None keeps the decks' order."""

    def cards(self, cards: Iterable[Card], store: Store, days: Days, now: datetime) -> list[str]:
        """Names of the chosen cards, learned or not; suspended ones and those that wait for CUDA stay away."""
        away = {*store.cards.suspended(), *store.cards.waiting()}
        chosen = [card.name for card in cards if self._fits(card) and card.name not in away]
        if self.forgotten_today:
            forgotten = set(store.log.forgotten(days.of(now)))
            chosen = [name for name in chosen if name in forgotten]
        if self.ahead is not None:
            horizon = days.end(now) + timedelta(days=self.ahead)
            memories = store.cards.memories()
            chosen = [name for name in chosen if name in memories and memories[name].due < horizon]
        if self.seed is not None:
            Random(self.seed).shuffle(chosen)
        return chosen

    def _fits(self, card: Card) -> bool:
        return (
            (not self.decks or card.deck in self.decks)
            and (not self.tags or not set(self.tags).isdisjoint(card.tags))
            and (not self.levels or card.level in self.levels)
        )


@dataclass(slots=True)
class FixedQueue:
    """A queue of cards that somebody named: each until it is known, whatever is due."""

    names: Iterable[str]
    steps: bool = True
    """Whether a card within its learning steps comes back too: not where a rating leads it no further."""

    _left: deque[str] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._left = deque(self.names)

    def next(self, now: datetime) -> str | None:
        return self._left.popleft() if self._left else None

    def rated(self, card: str, rating: Rating, memory: Memory | None, seconds: float) -> None:
        """A missed card, or one within its steps, comes back at the end."""
        within = self.steps and memory is not None and memory.state is not MemoryState.REVIEW
        if rating is Rating.AGAIN or within:
            self._left.append(card)

    def put_back(self, card: str) -> None:
        self._left.appendleft(card)

    def skip(self, card: str) -> None:
        self._left = deque(name for name in self._left if name != card)

    def recheck(self) -> None:
        """Nothing is locked here."""

    def refresh(self) -> None:
        """Nothing is read anew."""

"""Practice outside the schedule: the choice and order of cards. No due date changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from quizapp.decks.card import Card
from quizapp.review.days import Days
from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.review.remaining import Remaining
from quizapp.review.store import Store


@dataclass(frozen=True, slots=True)
class PracticeFilter:
    """The cards to practise. An empty field does not filter."""

    decks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    forgotten_today: bool = False
    ahead: int | None = None
    """Only cards that are due within this many days."""

    seed: int | None = None
    """Shuffle with this seed; None keeps the order of the decks."""

    mistake: str = ""
    """Key of a mistake: only the cards on which it was made, then cards that share a tag with them."""

    limit: int | None = None
    """The most cards."""

    def cards(self, cards: Iterable[Card], store: Store, days: Days, now: datetime) -> list[str]:
        """Return the names of the matching cards, learned or not, without those suspended or waiting for CUDA."""
        cards = list(cards)
        hidden = {*store.cards.suspended(), *store.cards.waiting()}
        chosen = [card.name for card in cards if self._matches(card) and card.name not in hidden]
        if self.forgotten_today:
            forgotten = set(store.log.forgotten_on(days.of(now)))
            chosen = [name for name in chosen if name in forgotten]
        if self.ahead is not None:
            horizon = days.end(now) + timedelta(days=self.ahead)
            memories = store.cards.memories()
            chosen = [name for name in chosen if name in memories and memories[name].due < horizon]
        if self.mistake:
            chosen = self._like_mistake(chosen, cards, store)
        if self.seed is not None:
            Random(self.seed).shuffle(chosen)
        return chosen[: self.limit]

    def _like_mistake(self, chosen: list[str], cards: Iterable[Card], store: Store) -> list[str]:
        """Return the chosen cards with this mistake, longest ago first, then those that share a tag with them."""
        allowed, missed = set(chosen), store.drafts.cards_with_mistake(self.mistake)
        tags = {card.name: set(card.tags) for card in cards}
        wanted = set().union(*(tags.get(name, set()) for name in missed))
        related = [name for name in chosen if name not in missed and not wanted.isdisjoint(tags[name])]
        return [*(name for name in missed if name in allowed), *related]

    def _matches(self, card: Card) -> bool:
        return (
            (not self.decks or card.deck in self.decks)
            and (not self.tags or not set(self.tags).isdisjoint(card.tags))
            and (not self.levels or card.level in self.levels)
        )


@dataclass(slots=True)
class FixedQueue:
    """A queue of named cards, due or not; has the interface of `queue.Queue`."""

    names: Iterable[str]
    repeats_steps: bool = True
    """Whether a card within its learning steps is repeated. False in practice, where no rating ends the steps."""

    _remaining: deque[str] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._remaining = deque(self.names)

    def next(self, now: datetime) -> str | None:
        return self._remaining.popleft() if self._remaining else None

    def add_rating(self, card: str, rating: Rating, memory: Memory | None, seconds: float) -> None:
        """Append a card that was missed, or that is within its steps, to the end."""
        is_within_steps = self.repeats_steps and memory is not None and memory.state is not MemoryState.REVIEW
        if rating is Rating.AGAIN or is_within_steps:
            self._remaining.append(card)

    def put_back(self, card: str) -> None:
        self._remaining.appendleft(card)

    def skip(self, card: str) -> None:
        self._remaining = deque(name for name in self._remaining if name != card)

    def remove(self, card: str) -> None:
        """Take a card out whose rating was undone and repeated."""
        self.skip(card)

    def remaining(self, now: datetime, shown: str | None = None) -> Remaining:
        """Return the cards that are left, all counted as due."""
        return Remaining(due=len(self._remaining))

    def recheck(self) -> None:
        """Do nothing: these cards are not locked."""

    def refresh(self) -> None:
        """Do nothing: these cards do not depend on the store."""

"""The day's queue: cards within their steps first, then reviews and new cards within the daily limits."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Collection, Generator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from quizapp.review.days import Day, Days
from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.review.remaining import Remaining
from quizapp.review.store import QueueOrder, Store
from quizapp.settings import Settings

LEARN_AHEAD = timedelta(minutes=20)
"""Maximum time before its due date that a card within its steps is shown; the default of Anki's learn-ahead limit."""

NO_NOTES = "[]"
"""The JSON of most cards' notes; recognised without a parser."""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The cards that are left of a day, within its limits."""

    learning: dict[str, datetime]
    """Card within its steps -> due date."""

    reviews: list[str]
    new: list[str]
    seconds: float
    """Time of the day's reviews so far."""


@dataclass(slots=True)
class Queue:
    """One day's cards, read once and updated after each rating."""

    store: Store
    settings: Settings
    days: Days
    decks: Collection[str] | None = None
    is_known: Callable[[str], bool] = lambda name: True
    """Whether a card can be shown: another process may have synchronised other decks with the store."""

    is_first_choice: Callable[[str], bool] = lambda name: True
    """Whether a card may be the very first one of a learner without reviews."""

    skipped: set[str] = field(default_factory=set)
    _day: Day | None = None
    _cards: deque[str] = field(default_factory=deque)
    _new: frozenset[str] = frozenset()
    """The cards among `_cards` that were never reviewed."""

    _learning: dict[str, datetime] = field(default_factory=dict)
    """Card within its steps -> due date."""

    _seconds: float = 0.0
    """Time of the day's reviews."""

    _is_stale: bool = True
    """Whether a rating or action may have unlocked further cards since the queue was read."""

    def build(self, now: datetime) -> None:
        """Read the day's cards from the store."""
        plan = self.plan(now)
        self._cards = deque(mix(plan.reviews, plan.new, self.settings.new_cards))
        self._new = frozenset(plan.new)
        self._learning = plan.learning
        self._seconds = plan.seconds
        self._day = self.days.day(now)
        self._is_stale = False

    def plan(self, now: datetime) -> DayPlan:
        """Return what is left of the day, as the store is now."""
        day = self.days.day(now)
        totals = self.store.log.day_totals(day.number)
        learning = self.store.queue.learning(day, self.decks)
        notes = {note for _, own, _ in learning for note in json.loads(own)}
        reviews = self._take(
            self.store.queue.due(day, QueueOrder(self.settings.order), self.decks),
            self.settings.reviews_per_day - totals.reviews,
            notes,
        )
        new = self._take(self.store.queue.new(day, self.decks), self.settings.new_per_day - totals.new, notes)
        if new and not self.store.log.has_entries():
            first = next(filter(self.is_first_choice, new), new[0])
            new = [first, *(name for name in new if name != first)]
        within_steps = {name: due for name, _, due in learning if self._can_show(name)}
        return DayPlan(within_steps, reviews, new, totals.seconds)

    def next(self, now: datetime) -> str | None:
        """Return and remove the card to show; None if nothing is left for today."""
        if self._must_build(now):
            self.build(now)
        if (name := self._pop_learning(now)) is not None:
            return name
        if self._cards and not self._is_time_spent:
            return self._cards.popleft()
        return self._pop_learning(now + LEARN_AHEAD)

    def _must_build(self, now: datetime) -> bool:
        return self._day is None or not self._day.contains(now) or (self._is_stale and not self._cards)

    def add_rating(self, card: str, rating: Rating, memory: Memory | None, seconds: float) -> None:
        """Count a review; a card still within its steps is shown again today."""
        self._is_stale = True
        self._seconds += seconds
        if memory is not None and memory.state is not MemoryState.REVIEW:
            self._learning[card] = memory.due

    def put_back(self, card: str) -> None:
        """Return `card` at the next call of `next`."""
        self._cards.appendleft(card)

    def skip(self, name: str) -> None:
        """Do not show the card again in this session."""
        self.skipped.add(name)
        self._learning.pop(name, None)

    def refresh(self) -> None:
        """Read the cards again before the next one, after an undo or an action."""
        self._is_stale = True
        self._cards.clear()
        self._learning.clear()

    def remove(self, card: str) -> None:
        """Take a card out whose review was undone and repeated."""
        self.refresh()

    def remaining(self, now: datetime, shown: str | None = None) -> Remaining:
        """Return the cards that are left, without the one that is shown."""
        if self._must_build(now):
            self.build(now)
            self._learning.pop(shown or "", None)
            self._cards = deque(name for name in self._cards if name != shown)
        new = sum(name in self._new for name in self._cards)
        return Remaining(new, len(self._learning), len(self._cards) - new)

    def recheck(self) -> None:
        """Look for unlocked cards once the queue is empty: a suspended or waiting card locks no others."""
        self._is_stale = True

    @property
    def _is_time_spent(self) -> bool:
        minutes = self.settings.minutes_per_day
        return bool(minutes) and self._seconds >= 60 * minutes

    def _can_show(self, name: str) -> bool:
        return name not in self.skipped and self.is_known(name)

    def _pop_learning(self, until: datetime) -> str | None:
        """Return and remove the first card within its steps that is due by `until`."""
        if not self._learning:
            return None
        name = min(self._learning, key=lambda name: self._learning[name])
        if self._learning[name] > until:
            return None
        del self._learning[name]
        return name

    def _take(self, rows: Generator[tuple[str, str]], limit: int, notes: set[str]) -> list[str]:
        """Return the first `limit` cards, skipping cards that share a note with `notes`, which grows, or each other."""
        taken: list[str] = []
        with closing(rows):
            while len(taken) < limit and (row := next(rows, None)):
                name, own = row[0], () if row[1] == NO_NOTES else json.loads(row[1])
                if notes.isdisjoint(own) and self._can_show(name):
                    notes.update(own)
                    taken.append(name)
        return taken


def mix(reviews: list[str], new: list[str], order: str) -> list[str]:
    """Return reviews and new cards, the new ones `first`, `last`, or `mixed` in evenly."""
    if order != "mixed":
        return new + reviews if order == "first" else reviews + new
    positions = [((number + 1) / (len(reviews) + 1), 0, name) for number, name in enumerate(reviews)]
    positions += [((number + 1) / (len(new) + 1), 1, name) for number, name in enumerate(new)]
    return [name for _, _, name in sorted(positions, key=lambda position: position[:2])]

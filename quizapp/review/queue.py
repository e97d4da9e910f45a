"""What comes next, and why: steps first, then reviews and new cards within the day's limits."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Collection, Generator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from quizapp.review.days import Day, Days
from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.review.store import QueueOrder, Store
from quizapp.settings import Settings

LEARN_AHEAD = timedelta(minutes=20)
"""With nothing else to do, a card within its steps is shown this long before its time."""

NO_NOTES = "[]"
"""Most cards of most learners: not worth a parser."""


@dataclass(slots=True)
class Queue:
    """One day's cards, read once and kept in step with what is rated. `build` before `next`."""

    store: Store
    settings: Settings
    days: Days
    decks: Collection[str] | None = None
    known: Callable[[str], bool] = lambda name: True
    """Whether a card can be shown: another process may have put other decks into the store."""

    skipped: set[str] = field(default_factory=set)
    _day: Day | None = None
    _cards: deque[str] = field(default_factory=deque)
    _learning: dict[str, datetime] = field(default_factory=dict)
    _seconds: float = 0.0
    _stale: bool = True
    """Something happened since the cards were read that may have brought others forward."""

    def build(self, now: datetime) -> None:
        """Read the day's cards anew."""
        day = self.days.day(now)
        done = self.store.log.today(day.number)
        learning = self.store.agenda.learning(day, self.decks)
        notes = {note for _, own, _ in learning for note in json.loads(own)}
        reviews = self._take(
            self.store.agenda.due(day, QueueOrder(self.settings.order), self.decks),
            self.settings.reviews_per_day - done.reviews,
            notes,
        )
        new = self._take(self.store.agenda.new(day, self.decks), self.settings.new_per_day - done.new, notes)
        self._cards = deque(mixed(reviews, new, self.settings.new_cards))
        self._learning = {name: due for name, _, due in learning if self._shows(name)}
        self._seconds = done.seconds
        self._day = day
        self._stale = False

    def next(self, now: datetime) -> str | None:
        """The card to show now; None where nothing is left for today."""
        if self._day is None or not self._day.holds(now) or (self._stale and not self._cards):
            self.build(now)
        if (name := self._step(now)) is not None:
            return name
        if self._cards and not self._spent:
            return self._cards.popleft()
        return self._step(now + LEARN_AHEAD)

    def rated(self, card: str, rating: Rating, memory: Memory | None, seconds: float) -> None:
        """Keep in step: a card within its steps comes back today."""
        self._stale = True
        self._seconds += seconds
        if memory is not None and memory.state is not MemoryState.REVIEW:
            self._learning[card] = memory.due

    def put_back(self, card: str) -> None:
        """Show this one next."""
        self._cards.appendleft(card)

    def skip(self, name: str) -> None:
        """Not again in this sitting."""
        self.skipped.add(name)
        self._learning.pop(name, None)

    def refresh(self) -> None:
        """Something was undone, buried or suspended: read the cards anew before the next."""
        self._stale = True
        self._cards.clear()
        self._learning.clear()

    def recheck(self) -> None:
        """A card was put aside: what it locked may come when these cards are through."""
        self._stale = True

    @property
    def _spent(self) -> bool:
        minutes = self.settings.minutes_per_day
        return bool(minutes) and self._seconds >= 60 * minutes

    def _shows(self, name: str) -> bool:
        return name not in self.skipped and self.known(name)

    def _step(self, until: datetime) -> str | None:
        """The first due card within its steps, and out of the queue with it."""
        if not self._learning:
            return None
        name = min(self._learning, key=lambda name: self._learning[name])
        if self._learning[name] > until:
            return None
        del self._learning[name]
        return name

    def _take(self, rows: Generator[tuple[str, str]], limit: int, notes: set[str]) -> list[str]:
        """The first `limit` cards, no two of which share a note."""
        taken: list[str] = []
        with closing(rows):
            while len(taken) < limit and (row := next(rows, None)):
                name, own = row[0], () if row[1] == NO_NOTES else json.loads(row[1])
                if notes.isdisjoint(own) and self._shows(name):
                    notes.update(own)
                    taken.append(name)
        return taken


def mixed(reviews: list[str], new: list[str], how: str) -> list[str]:
    """New cards `first`, `last`, or `mixed` in evenly."""
    if how != "mixed":
        return new + reviews if how == "first" else reviews + new
    places = [((number + 1) / (len(reviews) + 1), 0, name) for number, name in enumerate(reviews)]
    places += [((number + 1) / (len(new) + 1), 1, name) for number, name in enumerate(new)]
    return [name for _, _, name in sorted(places, key=lambda place: place[:2])]

"""The smallest world to review in: decks in memory, a grader that knows the verdict, a clock that is set."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from quizapp.decks.card import Card, Check, Deck
from quizapp.errors import UsageError
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.memory import Rating
from quizapp.review.session import Session
from quizapp.review.store import Store
from quizapp.settings import Settings

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class FakeGrader:
    """Passes `right`; any other answer is the name of an outcome, or wrong."""

    def grade(self, card: Card, answer: str) -> Verdict:
        if answer == "right":
            return Verdict(card.name, Outcome.PASSED, 1.0, 1.0, 1.0)
        outcome = Outcome(answer) if answer in Outcome.__members__.values() else Outcome.WRONG
        return Verdict(card.name, outcome, 0.0, 0.0, 1.0)


@dataclass
class Shelf:
    decks: Sequence[Deck] = ()
    by_name: dict[str, Card] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name = {card.name: card for deck in self.decks for card in deck}

    def card(self, name: str) -> Card:
        if name not in self.by_name:
            raise UsageError(f"no card `{name}`")
        return self.by_name[name]

    def cards(self) -> Iterator[Card]:
        return iter(self.by_name.values())


class Failing:
    """A connection on which one statement fails, once; an interrupt comes just after it."""

    def __init__(self, real: sqlite3.Connection, what: str, error: BaseException | None = None) -> None:
        self._real, self._what, self._error = real, what, error or sqlite3.OperationalError("disk I/O error")

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        if statement == self._what:
            self._what = ""
            if isinstance(self._error, KeyboardInterrupt):
                self._real.execute(statement, *values)
            raise self._error
        return self._real.execute(statement, *values)

    @property
    def in_transaction(self) -> bool:
        return self._real.in_transaction


def card(name: str, **facts: Any) -> Card:
    deck, _, id = name.partition("/")
    return Card(deck, id, f"What is {id}?", checks=(Check("answer"),), solution="answer = 1", **facts)


def shelf(*cards: Card | str) -> Shelf:
    found: dict[str, list[Card]] = {}
    for each in cards:
        one = card(each) if isinstance(each, str) else each
        found.setdefault(one.deck, []).append(one)
    return Shelf([Deck(slug, slug.title(), tuple(own), Path(f"/nowhere/{slug}.yaml")) for slug, own in found.items()])


@dataclass
class World:
    """A store in a folder, and sessions on it."""

    folder: Path
    library: Shelf
    settings: Settings = field(default_factory=Settings)
    clock: Clock = field(default_factory=Clock)
    durable: bool = False
    """Sync every commit to the disk: only where that is what is tested."""

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.store = Store(self.folder / "reviews.db")
        if not self.durable:
            self.store.database.rows("pragma synchronous = off")

    def session(self, **how: Any) -> Session:
        return Session(self.library, FakeGrader(), self.store, self.settings, self.clock, zone=UTC, **how)

    def review(self, name: str, rating: Rating = Rating.GOOD) -> None:
        """One review of a card, whatever is due."""
        session = self.session(cards=[name])
        session.next()
        session.submit("right")
        session.rate(rating)

    def learn(self, *names: str) -> None:
        """Through the learning steps, in one sitting."""
        for name in names:
            self.review(name, Rating.EASY)

    def shown(self, **how: Any) -> list[str]:
        """Names of the cards that a session would show, none of them answered."""
        session = self.session(**how)
        found = []
        while card := session.next():
            found.append(card.name)
            session.skip()
        return found

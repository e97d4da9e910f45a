"""A review store to test with: decks in memory, a grader with known verdicts, a clock that is set by hand."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from quizapp.decks.card import Card, Check, Deck
from quizapp.errors import UsageError
from quizapp.grading.judge_protocol import Finding, Side
from quizapp.grading.mistake import Mistake
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.review.memory import Rating
from quizapp.review.session import Session
from quizapp.review.store import Store
from quizapp.review.store.exchange import export_json
from quizapp.settings import Settings

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that moves only when it is told to."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        """Move on by the arguments of `timedelta`."""
        self.now += timedelta(**amount)


@dataclass
class FakeGrader:
    """Passes the answer `right`; any other answer is the name of its outcome or its mistake, or wrong."""

    def grade(self, card: Card, answer: str) -> Verdict:
        if answer == "right":
            return Verdict(card.name, Outcome.PASSED, 1.0, 1.0, 1.0)
        outcome = Outcome(answer) if answer in Outcome.__members__.values() else Outcome.WRONG
        checks: tuple[CheckVerdict, ...] = ()
        if outcome is Outcome.WRONG and answer in Mistake.__members__.values():
            finding = Finding(False, "differs", mistake=Mistake(answer))
            checks = (CheckVerdict(Check("answer"), CheckState.DIFFERS, finding),)
        return Verdict(card.name, outcome, 0.0, 0.0, 1.0, checks)

    def reveal(self, card: Card) -> Side | None:
        return None


@dataclass
class FakeLibrary:
    """Decks in memory; a `DeckProvider`."""

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


class FailingConnection:
    """A connection on which one statement fails, once; a KeyboardInterrupt arrives just after it was executed."""

    def __init__(self, real: sqlite3.Connection, statement: str, error: BaseException | None = None) -> None:
        self._real, self._failing = real, statement
        self._error = error or sqlite3.OperationalError("disk I/O error")

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        if statement == self._failing:
            self._failing = ""
            if isinstance(self._error, KeyboardInterrupt):
                self._real.execute(statement, *values)
            raise self._error
        return self._real.execute(statement, *values)

    @property
    def in_transaction(self) -> bool:
        return self._real.in_transaction


def make_card(name: str, **fields: Any) -> Card:
    """Return a code card with one check."""
    deck, _, id = name.partition("/")
    return Card(deck, id, f"What is {id}?", checks=(Check("answer"),), solution="answer = 1", **fields)


def make_library(*cards: Card | str) -> FakeLibrary:
    """Return a library of these cards, by name or as they are, with the decks that they name."""
    decks: dict[str, list[Card]] = {}
    for entry in cards:
        card = make_card(entry) if isinstance(entry, str) else entry
        decks.setdefault(card.deck, []).append(card)
    return FakeLibrary(
        [Deck(slug, slug.title(), tuple(own), Path(f"/nowhere/{slug}.yaml")) for slug, own in decks.items()]
    )


@dataclass
class StudyHarness:
    """A store in a folder, and sessions on it."""

    folder: Path
    library: FakeLibrary
    settings: Settings = field(default_factory=Settings)
    clock: Clock = field(default_factory=Clock)
    durable: bool = False
    """Whether commits are synced: slow, and needed only to test durability."""

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.store = Store(self.folder / "reviews.db")
        if not self.durable:
            self.store.database.rows("pragma synchronous = off")

    def session(self, **options: Any) -> Session:
        """Return a new session with the options of `Session`."""
        return Session(self.library, FakeGrader(), self.store, self.settings, self.clock, zone=UTC, **options)

    def review(self, name: str, rating: Rating = Rating.GOOD) -> None:
        """Answer a card right and rate it, due or not."""
        session = self.session(cards=[name])
        session.next()
        session.submit("right")
        session.rate(rating)

    def learn(self, *names: str) -> None:
        """Rate cards Easy, which ends their learning steps."""
        for name in names:
            self.review(name, Rating.EASY)

    def shown_cards(self, **options: Any) -> list[str]:
        """Return the names of the cards that a session shows if each is skipped."""
        session = self.session(**options)
        shown = []
        while card := session.next():
            shown.append(card.name)
            session.skip()
        return shown


MakeStudy = Callable[..., StudyHarness]


def record_history(make_study: MakeStudy) -> StudyHarness:
    """Record reviews, a lapse, an undone review, a flag, a bury, a suspension and a draft: seven log entries."""
    study = make_study("a/one", "a/two", "a/three")
    study.learn("a/one", "a/two")
    study.clock.advance(days=20)
    study.review("a/one", Rating.AGAIN)
    study.review("a/two", Rating.HARD)
    study.session().undo()
    session = study.session(cards=["a/one", "a/two", "a/three"])
    session.next()
    session.flag()
    session.bury()
    session.next()
    session.suspend()
    session.next()
    session.save_draft("half a thought")
    return study


def exported(store: Store) -> str:
    """Return everything in a store as JSON."""
    out = io.StringIO()
    export_json(store, out)
    return out.getvalue()


def damage(path: Path) -> None:
    """Overwrite the header of one page: that of an index of the past answers, which counting cards does not read."""
    with closing(sqlite3.connect(path)) as file:
        (size,) = file.execute("pragma page_size").fetchone()
        (page,) = file.execute("select rootpage from sqlite_master where name = 'attempts_card'").fetchone()
    with path.open("r+b") as file_bytes:
        file_bytes.seek((page - 1) * size)
        file_bytes.write(b"\xff" * 8)

"""Deck, card, check: frozen facts, as the reader found them. Nothing here reads a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal, NamedTuple

from quizapp.sandbox.protocol import Limits

LAST = 10_000
"""The place of a deck that names none."""


class CardKind(StrEnum):
    """What the learner is asked to do."""

    CODE = "code"
    PREDICT = "predict"
    CHOICE = "choice"
    ORDER = "order"


class Position(NamedTuple):
    """Where a field's text begins in its file; both counted from 1."""

    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Equals:
    """A check's `equals`: plain data, or a tensor or array written out."""

    data: object
    form: Literal["plain", "tensor", "array"] = "plain"
    dtype: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """An expression whose value must agree with the reference's."""

    see: str
    run: str = ""
    points: float = 1.0
    says: str | None = None
    rtol: float | Literal["auto"] | None = None
    atol: float | None = None
    hidden: bool = False
    device: Literal["cpu", "cuda"] = "cpu"
    equals: Equals | None = None
    raises: str | None = None
    ignore: frozenset[str] = frozenset()
    """Of `dtype`, `device`, `type`, `order`."""

    place: Position = Position()


@dataclass(frozen=True, slots=True)
class Wrong:
    """A known wrong answer, and what to tell a learner who gives it."""

    code: str
    says: str | None = None
    place: Position = Position()


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a choice card."""

    text: str
    right: bool = False
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A mutant of the solution that is no mistake, with the reason."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Card:
    """One question. `name` is its lasting identity."""

    deck: str
    id: str
    question: str
    checks: tuple[Check, ...] = ()
    kind: CardKind = CardKind.CODE
    title: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()
    """Ids of the notes that the card was made from (`from` in the file)."""

    tags: tuple[str, ...] = ()
    level: int = 1
    minutes: float | None = None
    after: tuple[str, ...] = ()
    """Full names (`deck/id`) of the cards that come first."""

    was: tuple[str, ...] = ()
    """Full names that this card had before."""

    preamble: str = ""
    given: str = ""
    starter: str = ""
    solution: str = ""
    accept: tuple[str, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    equivalent: tuple[Equivalent, ...] = ()
    hints: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    trials: int = 1
    seed: int = 0
    limits: Limits = Limits()
    choices: tuple[Choice, ...] = ()
    proof: str = ""
    distract: tuple[str, ...] = ()
    trusted: bool = False
    """Shipped with the program; any other card's code is a stranger's."""

    place: Position = Position()
    places: Mapping[str, Position] = field(default_factory=dict, compare=False)
    """Where each field of the card stands: `solution`, `checks[1].see` …"""

    @property
    def name(self) -> str:
        return f"{self.deck}/{self.id}"

    @property
    def reference(self) -> str:
        """The code that the reference runs: a predict card's is its `given`."""
        return self.given if self.kind is CardKind.PREDICT else self.solution


@dataclass(frozen=True, slots=True)
class Texts:
    """One card's texts in another language; empty where the deck's own text stands."""

    title: str = ""
    question: str = ""
    note: str = ""
    hints: tuple[str, ...] = ()
    checks: tuple[str | None, ...] = ()
    """`says` of each check."""

    wrong: tuple[str | None, ...] = ()
    choices: tuple[Choice, ...] = ()
    """`text` and `says` of each choice; `right` is not read."""


@dataclass(frozen=True, slots=True)
class Deck:
    """The cards of one file."""

    slug: str
    title: str
    cards: tuple[Card, ...]
    path: Path
    description: str = ""
    order: int = LAST
    """Place among the decks of its folder; decks of one place stand by name."""

    translations: Mapping[str, Mapping[str, Texts]] = field(default_factory=dict)
    """language -> card id -> texts; the empty id holds the deck's own title and description (`note`)."""

    def __iter__(self) -> Iterator[Card]:
        return iter(self.cards)

    def in_language(self, language: str) -> Deck:
        """This deck with the texts of `language` wherever it has them."""
        texts = self.translations.get(language)
        if not texts:
            return self
        own = texts.get("")
        cards = tuple(translate(card, texts[card.id]) if card.id in texts else card for card in self.cards)
        if own is None:
            return replace(self, cards=cards)
        return replace(self, title=own.title or self.title, description=own.note or self.description, cards=cards)


def translate(card: Card, texts: Texts) -> Card:
    """`card` with every text that `texts` has."""
    checks = [
        replace(check, says=says) if says else check
        for check, says in zip(card.checks, texts.checks or (None,) * len(card.checks), strict=True)
    ]
    wrong = [
        replace(answer, says=says) if says else answer
        for answer, says in zip(card.wrong, texts.wrong or (None,) * len(card.wrong), strict=True)
    ]
    choices = [
        replace(own, text=other.text or own.text, says=other.says or own.says)
        for own, other in zip(card.choices, texts.choices or card.choices, strict=True)
    ]
    return replace(
        card,
        title=texts.title or card.title,
        question=texts.question or card.question,
        note=texts.note or card.note,
        hints=texts.hints or card.hints,
        checks=tuple(checks),
        wrong=tuple(wrong),
        choices=tuple(choices),
    )

"""Deck, card and check as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal, NamedTuple

from quizapp.sandbox.protocol import Limits

LAST = 10_000
"""The `order` of a deck that sets none."""


class CardKind(StrEnum):
    """What the learner is asked to do."""

    CODE = "code"
    PREDICT = "predict"
    CHOICE = "choice"
    ORDER = "order"


class Position(NamedTuple):
    """Where a field's text begins in its file. Both count from 1."""

    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Equals:
    """A check's `equals`: plain data, or the values of a tensor or array."""

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
    """Aspects that may differ: any of `dtype`, `device`, `type` and `order`."""

    strict: bool = False
    """Whether plain numbers and sequences must also have exactly the reference's type."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A known wrong answer. `says` is shown to a learner who gives it."""

    code: str
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a choice card."""

    text: str
    right: bool = False
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A mutant of the solution that is also right, and why."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that an answer may use of something: an absolute number, or a multiple of what the reference uses."""

    value: float
    is_relative: bool = False


@dataclass(frozen=True, slots=True)
class Budget:
    """What an answer may use. Each cap that is set is scored as a check of its own."""

    operators: Cap | None = None
    """Calls of torch operators by the answer and by the checks."""

    memory: Cap | None = None
    """Peak bytes of the tensors that exist at one time, beyond those of `given`."""

    points: float = 1.0
    """Points of each cap."""


@dataclass(frozen=True, slots=True)
class Card:
    """One question. `name` is its permanent identity."""

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
    """Full names (`deck/id`) of the cards to learn before this one."""

    was: tuple[str, ...] = ()
    """Former full names of this card."""

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
    allow: tuple[str, ...] = ()
    """The only names of torch that an answer may use; empty if all may be used."""

    budget: Budget | None = None
    trials: int = 1
    seed: int = 0
    limits: Limits = Limits()
    choices: tuple[Choice, ...] = ()
    proof: str = ""
    distract: tuple[str, ...] = ()
    trusted: bool = False
    """Shipped with the program; the code of all other cards is untrusted."""

    position: Position = Position()
    positions: Mapping[str, Position] = field(default_factory=dict, compare=False)
    """Field path (`solution`, `checks[1].see` …) -> position."""

    @property
    def name(self) -> str:
        return f"{self.deck}/{self.id}"

    @property
    def reference(self) -> str:
        """The code that the reference runs: the `given` of a predict card, else the solution."""
        return self.given if self.kind is CardKind.PREDICT else self.solution


@dataclass(frozen=True, slots=True)
class CardTexts:
    """One card's texts in another language. The deck's own text is used where one is empty."""

    title: str = ""
    question: str = ""
    note: str = ""
    hints: tuple[str, ...] = ()
    checks: tuple[str | None, ...] = ()
    """The `says` of each check."""

    wrong: tuple[str | None, ...] = ()
    choices: tuple[Choice, ...] = ()
    """The `text` and `says` of each choice; `right` is not used."""


@dataclass(frozen=True, slots=True)
class Deck:
    """The cards of one file."""

    slug: str
    title: str
    cards: tuple[Card, ...]
    path: Path
    description: str = ""
    order: int = LAST
    """Place among the decks of its folder; decks with the same `order` are sorted by file name."""

    translations: Mapping[str, Mapping[str, CardTexts]] = field(default_factory=dict)
    """Language -> card id -> texts. Under the empty id: the deck's own title, and its description as `note`."""

    def __iter__(self) -> Iterator[Card]:
        return iter(self.cards)

    def in_language(self, language: str) -> Deck:
        """Return this deck with the texts of `language`, where there are any."""
        texts = self.translations.get(language)
        if not texts:
            return self
        deck_texts = texts.get("")
        cards = tuple(translate(card, texts[card.id]) if card.id in texts else card for card in self.cards)
        if deck_texts is None:
            return replace(self, cards=cards)
        description = deck_texts.note or self.description
        return replace(self, title=deck_texts.title or self.title, description=description, cards=cards)


def translate(card: Card, texts: CardTexts) -> Card:
    """Return `card` with every text that is not empty in `texts`."""
    checks = [
        replace(check, says=says) if says else check
        for check, says in zip(card.checks, texts.checks or (None,) * len(card.checks), strict=True)
    ]
    wrong = [
        replace(answer, says=says) if says else answer
        for answer, says in zip(card.wrong, texts.wrong or (None,) * len(card.wrong), strict=True)
    ]
    choices = [
        replace(choice, text=translated.text or choice.text, says=translated.says or choice.says)
        for choice, translated in zip(card.choices, texts.choices or card.choices, strict=True)
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

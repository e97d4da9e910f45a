"""The cards as the browse page lists and filters them. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from quizapp.decks.card import Card
from quizapp.review.memory import Memory, MemoryState
from quizapp.review.store import CardFlags, Store

WORDS = {
    MemoryState.NEW: "new",
    MemoryState.LEARNING: "learning",
    MemoryState.REVIEW: "review",
    MemoryState.RELEARNING: "relearning",
}


@dataclass(frozen=True, slots=True)
class CardEntry:
    """One card with all that can be filtered by."""

    card: Card
    memory: Memory | None
    suspended: bool = False
    flagged: bool = False
    waiting: bool = False
    buried: bool = False
    outcome: str = ""
    """Of the last review; empty where there was none."""

    due: datetime | None = None

    @property
    def state(self) -> str:
        if self.suspended:
            return "suspended"
        if self.buried:
            return "buried"
        return WORDS[self.memory.state] if self.memory else "new"


def catalogue(cards: Iterable[Card], store: Store, today: int) -> list[CardEntry]:
    """Every card, in the decks' order."""
    memories, outcomes = store.cards.memories(), store.log.outcomes()
    standings: Mapping[str, CardFlags] = store.cards.standings()
    none = CardFlags()
    return [
        _entry(card, memories.get(card.name), standings.get(card.name, none), outcomes.get(card.name, ""), today)
        for card in cards
    ]


def _entry(card: Card, memory: Memory | None, standing: CardFlags, outcome: str, today: int) -> CardEntry:
    buried = standing.buried > today
    return CardEntry(
        card,
        memory,
        standing.suspended,
        standing.flagged,
        standing.waiting,
        buried,
        outcome,
        memory.due if memory else None,
    )


def matches(entry: CardEntry, query: str) -> bool:
    """Whether a card has every word: `deck:`, `tag:`, `is:`, `last:` narrow; `-` before a word excludes."""
    return all(not _has(entry, w[1:]) if w.startswith("-") and len(w) > 1 else _has(entry, w) for w in _split(query))


def _split(query: str) -> list[str]:
    return query.casefold().split()


def complaint(entries: Iterable[CardEntry], query: str) -> str:
    """What is wrong with a query that finds nothing: a filter or a value that there is not; empty where nothing is."""
    found = list(entries)
    for word in _split(query):
        field, colon, value = word.lstrip("-").partition(":")
        if colon and field not in FIELDS:
            return f"there is no `{field}:`, but {' '.join(f'{name}:' for name in FIELDS)}"
        values = {known for entry in found for known in FIELDS[field](entry)} if colon else set()
        if field == "is":
            values |= set(MARKS)
        if colon and not any(known.startswith(value) for known in values):
            return f"no card has `{field}:{value}`, but {', '.join(sorted(values)[:MOST_NAMED])}"
    return ""


MOST_NAMED = 12
"""Values that are named where another was not found."""


def _has(entry: CardEntry, word: str) -> bool:
    field, colon, value = word.partition(":")
    if colon and field in FIELDS:
        return any(known.startswith(value) for known in FIELDS[field](entry))
    card = entry.card
    return word in f"{card.name} {card.title} {card.question} {' '.join(card.tags)}".casefold()


def _marks(entry: CardEntry) -> list[str]:
    return [entry.state, *(mark for mark in ("flagged", "waiting") if getattr(entry, mark))]


MARKS = (*WORDS.values(), "suspended", "buried", "flagged", "waiting")
FIELDS: dict[str, Callable[[CardEntry], Iterable[str]]] = {
    "deck": lambda entry: [entry.card.deck],
    "tag": lambda entry: [tag.casefold() for tag in entry.card.tags],
    "is": _marks,
    "last": lambda entry: [entry.outcome] if entry.outcome else [],
    "kind": lambda entry: [str(entry.card.kind)],
    "level": lambda entry: [str(entry.card.level)],
}
"""Filters by name -> what of a card must begin with what is typed behind the colon."""

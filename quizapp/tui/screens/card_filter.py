"""The card list of the browse page and its filter. Contains no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from quizapp.decks.card import Card
from quizapp.review.memory import Memory, MemoryState
from quizapp.review.store import CardFlags, Store

STATE_LABELS = {
    MemoryState.NEW: "new",
    MemoryState.LEARNING: "learning",
    MemoryState.REVIEW: "review",
    MemoryState.RELEARNING: "relearning",
}


@dataclass(frozen=True, slots=True)
class CardEntry:
    """A card with everything that the filter can match."""

    card: Card
    memory: Memory | None
    suspended: bool = False
    flagged: bool = False
    waiting: bool = False
    buried: bool = False
    outcome: str = ""
    """Outcome of the last review; empty if there was none."""

    due: datetime | None = None

    @property
    def state(self) -> str:
        if self.suspended:
            return "suspended"
        if self.buried:
            return "buried"
        return STATE_LABELS[self.memory.state] if self.memory else "new"


def list_entries(cards: Iterable[Card], store: Store, today: int) -> list[CardEntry]:
    """Return an entry for every card, in the order of `cards`. `today` is the number of the current day."""
    memories, outcomes = store.cards.memories(), store.log.last_outcomes()
    flags: Mapping[str, CardFlags] = store.cards.all_flags()
    no_flags = CardFlags()
    return [
        _entry(card, memories.get(card.name), flags.get(card.name, no_flags), outcomes.get(card.name, ""), today)
        for card in cards
    ]


def _entry(card: Card, memory: Memory | None, flags: CardFlags, outcome: str, today: int) -> CardEntry:
    is_buried, due = flags.buried_until > today, memory.due if memory else None
    return CardEntry(card, memory, flags.suspended, flags.flagged, flags.waiting, is_buried, outcome, due)


def matches(entry: CardEntry, query: str) -> bool:
    """Return whether a card matches every word of the query.

    `deck:joining` matches a field; a word without a field matches the card's texts; `-` negates a word.
    """
    return all(
        not _matches_word(entry, word[1:]) if word.startswith("-") and len(word) > 1 else _matches_word(entry, word)
        for word in _split(query)
    )


def _split(query: str) -> list[str]:
    return query.casefold().split()


def explain_no_match(entries: Iterable[CardEntry], query: str) -> str:
    """Return why a query matches nothing: an unknown field or value. Empty if all of them are known."""
    entries = list(entries)
    for word in _split(query):
        field, colon, value = word.lstrip("-").partition(":")
        if colon and field not in FIELDS:
            return f"unknown filter `{field}:`; use {' '.join(f'{name}:' for name in FIELDS)}"
        values = {known for entry in entries for known in FIELDS[field](entry)} if colon else set()
        if field == "is":
            values |= set(STATES)
        if colon and not any(known.startswith(value) for known in values):
            return f"no card has `{field}:{value}`; try {', '.join(sorted(values)[:MAX_VALUES])}"
    return ""


MAX_VALUES = 12
"""Maximum number of known values in the message about an unknown one."""


def _matches_word(entry: CardEntry, word: str) -> bool:
    field, colon, value = word.partition(":")
    if colon and field in FIELDS:
        return any(known.startswith(value) for known in FIELDS[field](entry))
    card = entry.card
    return word in f"{card.name} {card.title} {card.question} {' '.join(card.tags)}".casefold()


def _states(entry: CardEntry) -> list[str]:
    return [entry.state, *(flag for flag in ("flagged", "waiting") if getattr(entry, flag))]


STATES = (*STATE_LABELS.values(), "suspended", "buried", "flagged", "waiting")
FIELDS: dict[str, Callable[[CardEntry], Iterable[str]]] = {
    "deck": lambda entry: [entry.card.deck],
    "tag": lambda entry: [tag.casefold() for tag in entry.card.tags],
    "is": _states,
    "last": lambda entry: [entry.outcome] if entry.outcome else [],
    "kind": lambda entry: [str(entry.card.kind)],
    "level": lambda entry: [str(entry.card.level)],
}
"""Field -> the card's values, one of which must start with the text after the colon."""

"""The cards as the browse page lists and filters them. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from quizapp.decks.card import Card
from quizapp.review.memory import Memory, State
from quizapp.review.store import Standing, Store

WORDS = {State.NEW: "new", State.LEARNING: "learning", State.REVIEW: "review", State.RELEARNING: "relearning"}


@dataclass(frozen=True, slots=True)
class Entry:
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


def catalogue(cards: Iterable[Card], store: Store, today: int) -> list[Entry]:
    """Every card, in the decks' order."""
    memories, outcomes = store.cards.memories(), store.log.outcomes()
    standings: Mapping[str, Standing] = store.cards.standings()
    none = Standing()
    return [
        _entry(card, memories.get(card.name), standings.get(card.name, none), outcomes.get(card.name, ""), today)
        for card in cards
    ]


def _entry(card: Card, memory: Memory | None, standing: Standing, outcome: str, today: int) -> Entry:
    buried = standing.buried > today
    return Entry(
        card,
        memory,
        standing.suspended,
        standing.flagged,
        standing.waiting,
        buried,
        outcome,
        memory.due if memory else None,
    )


def matches(entry: Entry, query: str) -> bool:
    """Whether a card has every word: `deck:`, `tag:`, `is:`, `last:` narrow; `-` before a word excludes."""
    return all(not _has(entry, w[1:]) if w.startswith("-") and len(w) > 1 else _has(entry, w) for w in _split(query))


def _split(query: str) -> list[str]:
    return query.casefold().split()


def _has(entry: Entry, word: str) -> bool:
    card = entry.card
    field, colon, value = word.partition(":")
    if colon:
        if field == "deck":
            return card.deck.startswith(value)
        if field == "tag":
            return any(tag.casefold().startswith(value) for tag in card.tags)
        if field == "is":
            marks = {"flagged": entry.flagged, "waiting": entry.waiting}
            return marks.get(value, entry.state.startswith(value))
        if field == "last":
            return bool(value) and entry.outcome.startswith(value)
        if field in ("kind", "level"):
            return str(getattr(card, field)).startswith(value)
    return word in f"{card.name} {card.title} {card.question} {' '.join(card.tags)}".casefold()

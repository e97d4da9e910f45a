"""The rows that the practice page offers, and the filter of the picked ones. Contains no widget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from quizapp.decks.card import Card, Deck
from quizapp.review.practice import PracticeFilter
from quizapp.text.printable import one_line
from quizapp.tui.screens.pick_list import Pick

ANY, FORGOTTEN = "any", "forgotten"
WHICH = (
    Pick(ANY, "all cards"),
    Pick(FORGOTTEN, "forgotten today"),
    Pick("0", "due today"),
    Pick("7", "due within 7 days"),
    Pick("30", "due within 30 days"),
)
"""A number is `PracticeFilter.ahead`."""

DECK_ORDER, RANDOM = "decks", "random"
ORDERS = (Pick(RANDOM, "in random order"), Pick(DECK_ORDER, "in deck order"))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the page offers."""

    decks: tuple[Pick, ...] = ()
    tags: tuple[Pick, ...] = ()
    levels: tuple[Pick, ...] = ()


@dataclass(frozen=True, slots=True)
class Picked:
    """The keys of the picked rows."""

    decks: Collection[str] = ()
    tags: Collection[str] = ()
    levels: Collection[str] = ()
    which: Collection[str] = field(default=(ANY,))
    order: Collection[str] = field(default=(RANDOM,))


def choices(decks: Iterable[Deck], language: str = "") -> Choices:
    """Return the decks in their order, the tags in alphabetical order, and the levels, each with its cards."""
    decks = list(decks)
    cards: list[Card] = [card for deck in decks for card in deck]
    tags = Counter(tag for card in cards for tag in card.tags)
    levels = Counter(card.level for card in cards)
    return Choices(
        tuple(Pick(deck.slug, _title(deck, language), len(deck.cards)) for deck in decks),
        tuple(Pick(tag, one_line(tag), tags[tag]) for tag in sorted(tags)),
        tuple(Pick(str(level), f"level {level}", levels[level]) for level in sorted(levels)),
    )


def _title(deck: Deck, language: str) -> str:
    texts = deck.translations.get(language, {}).get("")
    return one_line((texts.title if texts else "") or deck.title or deck.slug)


def practice_filter(picked: Picked, seed: int) -> PracticeFilter:
    """Return the filter of the picked rows; `seed` is for a random order."""
    (which,) = picked.which or (ANY,)
    return PracticeFilter(
        decks=tuple(sorted(picked.decks)),
        tags=tuple(sorted(picked.tags)),
        levels=tuple(sorted(map(int, picked.levels))),
        forgotten_today=which == FORGOTTEN,
        ahead=int(which) if which.isdecimal() else None,
        seed=seed if RANDOM in picked.order else None,
    )

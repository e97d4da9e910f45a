"""Decks <-> plain tuples, which marshal reads many times faster than YAML; every class is listed field by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from quizapp.decks.card import Card, CardKind, Check, Choice, Deck, Equals, Equivalent, Position, Texts, Wrong
from quizapp.decks.parsing.positions import Places
from quizapp.sandbox.protocol import Limits

Convert = Callable[[Any], Any]


def _packer(kind: type, special: dict[str, Convert]) -> Convert:
    """Packs one class: the values of its fields in order, those named in `special` converted."""
    values_of = attrgetter(*(field.name for field in fields(kind)))
    plan = [(index, special[field.name]) for index, field in enumerate(fields(kind)) if field.name in special]

    def pack(value: Any) -> tuple[Any, ...]:
        values = list(values_of(value))
        for index, convert in plan:
            if values[index]:
                values[index] = convert(values[index])
        return tuple(values)

    return pack


def _unpacker(kind: type, special: dict[str, Convert]) -> Convert:
    """Makes one class from what its packer gave."""
    plan = [(index, special[field.name]) for index, field in enumerate(fields(kind)) if field.name in special]

    def unpack(data: tuple[Any, ...]) -> Any:
        values = list(data)
        for index, convert in plan:
            # Most fields of most cards are empty, and an empty one is what it was packed as.
            if values[index]:
                values[index] = convert(values[index])
        return kind(*values)

    return unpack


def _each(convert: Convert) -> Convert:
    return lambda values: tuple([convert(value) for value in values])


_pack_check = _packer(Check, {"place": tuple, "equals": attrgetter("data", "form", "dtype")})
_check = _unpacker(Check, {"place": Position._make, "equals": lambda data: Equals(*data)})
_pack_wrong = _packer(Wrong, {"place": tuple})
_wrong = _unpacker(Wrong, {"place": Position._make})
_pack_choice = _packer(Choice, {})
_choice = _unpacker(Choice, {})
_pack_equivalent = _packer(Equivalent, {})
_equivalent = _unpacker(Equivalent, {})

_pack_card = _packer(
    Card,
    {
        "checks": _each(_pack_check),
        "kind": str,
        "wrong": _each(_pack_wrong),
        "equivalent": _each(_pack_equivalent),
        "limits": attrgetter(*(field.name for field in fields(Limits))),
        "choices": _each(_pack_choice),
        "place": tuple,
        "places": attrgetter("packed"),
    },
)
_card = _unpacker(
    Card,
    {
        "checks": _each(_check),
        "kind": {kind.value: kind for kind in CardKind}.__getitem__,
        "wrong": _each(_wrong),
        "equivalent": _each(_equivalent),
        # Nearly all cards have the same limits, and one frozen object serves them all.
        "limits": cache(lambda data: Limits(*data)),
        "choices": _each(_choice),
        "place": Position._make,
        "places": Places,
    },
)
_pack_texts = _packer(Texts, {"choices": _each(_pack_choice)})
_texts = _unpacker(Texts, {"choices": _each(_choice)})


def pack_deck(deck: Deck) -> tuple[Any, ...]:
    """A deck as tuples, texts and numbers; its path stays behind."""
    translations = {
        language: {card: _pack_texts(texts) for card, texts in cards.items()}
        for language, cards in deck.translations.items()
    }
    return deck.slug, deck.title, [_pack_card(card) for card in deck], deck.description, deck.order, translations


def unpack_deck(data: tuple[Any, ...], path: Path) -> Deck:
    """The deck that `pack_deck` packed, read from `path`."""
    slug, title, cards, description, order, translations = data
    texts = {
        language: {card: _texts(packed) for card, packed in by_card.items()}
        for language, by_card in translations.items()
    }
    return Deck(slug, title, tuple([_card(card) for card in cards]), path, description, order, texts)

"""Makes the smallest decks that a test needs."""

from __future__ import annotations

from pathlib import Path

from quizapp.decks.card import Card, Deck
from quizapp.decks.reader import read_deck, read_decks
from quizapp.errors import Problem


def write(folder: Path, text: str | bytes, name: str = "deck.yaml") -> Path:
    """A deck file with this text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def deck_text(*cards: str, slug: str = "d") -> str:
    """A deck's text; each card is given without its `- `, over lines that begin at the margin."""
    listed = "".join("  - " + card.strip().replace("\n", "\n    ") + "\n" for card in cards)
    return f"format: 1\ndeck: {slug}\ncards:\n{listed}"


def plain_card(name: str, more: str = "") -> str:
    """A card that is fine, with `more` fields."""
    return f"id: {name}\nquestion: q\nsolution: x = 1\nchecks: [x]\n{more}"


def deck(folder: Path, *cards: str, slug: str = "d") -> Deck:
    return read_deck(write(folder, deck_text(*cards, slug=slug), f"{slug}.yaml"))


def card(folder: Path, text: str) -> Card:
    """The one card with this text."""
    (only,) = deck(folder, text)
    return only


def problems(folder: Path, text: str | bytes) -> list[Problem]:
    """What is wrong with a file of this text."""
    return read_decks([write(folder, text)])[1]

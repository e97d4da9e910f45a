"""Helpers that write small decks and read them."""

from __future__ import annotations

from pathlib import Path

from quizapp.decks.card import Card, Deck
from quizapp.decks.reader import read_decks
from quizapp.errors import Problem


def write(folder: Path, text: str | bytes, name: str = "deck.yaml") -> Path:
    """Write a deck file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def deck_text(*cards: str, slug: str = "d") -> str:
    """Return the text of a deck; cards are written without `- ` and without indentation."""
    entries = "".join("  - " + card.strip().replace("\n", "\n    ") + "\n" for card in cards)
    return f"format: 1\ndeck: {slug}\ncards:\n{entries}"


def plain_card(name: str, more: str = "") -> str:
    """Return the text of a valid card, with `more` fields."""
    return f"id: {name}\nquestion: q\nsolution: x = 1\nchecks: [x]\n{more}"


def read_deck(path: Path) -> Deck:
    """Return the only deck in a file that has no problems."""
    (deck,), problems = read_decks([path])
    assert [str(problem) for problem in problems] == []
    return deck


def deck(folder: Path, *cards: str, slug: str = "d") -> Deck:
    """Write and read a deck with these cards."""
    return read_deck(write(folder, deck_text(*cards, slug=slug), f"{slug}.yaml"))


def card(folder: Path, text: str) -> Card:
    """Write and read a deck with one card."""
    (only,) = deck(folder, text)
    return only


def problems(folder: Path, text: str | bytes) -> list[Problem]:
    """Return the problems of a deck file with this text."""
    return read_decks([write(folder, text)])[1]

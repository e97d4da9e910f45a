"""The result of parsing one deck file. Parsed decks are read from the cache without importing the parser."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from quizapp.decks.card import Deck, Position
from quizapp.decks.problems import Problems

FOREIGN = "not-a-deck"
"""The kind of the one problem of a YAML file that was not meant as a deck."""


@dataclass
class ParsedFile:
    """The result of parsing one file: its deck if it has no errors, and what is known of it otherwise."""

    path: Path
    problems: Problems
    deck: Deck | None = None
    slug: str = ""
    slug_position: Position = Position()
    ids: set[str] = field(default_factory=set)
    """Ids of the cards in the file, with or without errors."""

    partial: bool = False
    """Whether the file is not valid YAML, so that its cards are unknown."""

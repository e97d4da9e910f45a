"""Deck files that cannot be used, so that a name in one of them leads to its errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from quizapp.decks.deck_copies import read_slug
from quizapp.decks.parsed_file import ParsedFile
from quizapp.decks.translation_files import deck_beside
from quizapp.errors import Problem


@dataclass(frozen=True, slots=True)
class BrokenDeck:
    """A deck file with errors."""

    path: Path
    slug: str
    """The file's name if the slug cannot be read."""

    ids: frozenset[str]
    """Ids of its cards; empty if it is not valid YAML."""

    errors: tuple[Problem, ...]
    """Those of its translations too."""

    def has_card(self, name: str) -> bool:
        """Return whether the file may contain the card `deck/id`, or a card with this id."""
        slug, slash, _ = name.partition("/")
        return slug == self.slug if slash else name in self.ids


def broken_decks(files: Iterable[ParsedFile], problems: Sequence[Problem]) -> tuple[BrokenDeck, ...]:
    """Return the files without a usable deck, each with its errors among `problems`."""
    errors: dict[Path, list[Problem]] = {}
    for problem in problems:
        if problem.severity == "error":
            errors.setdefault(deck_of(Path(problem.path)), []).append(problem)
    return tuple(
        BrokenDeck(
            file.path,
            file.slug or read_slug(file.path) or file.path.stem,
            frozenset(file.ids),
            tuple(errors.get(file.path, ())),
        )
        for file in files
        if file.deck is None and file.path in errors
    )


def deck_of(path: Path) -> Path:
    """Return the path of a deck for its own path or that of one of its translations."""
    return deck_beside(path) or path

"""Finds decks: named by flags, environment and settings, in installed packages, and shipped with the program."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from quizapp.decks.cache import DeckCache
from quizapp.decks.card import LAST, Card, Deck
from quizapp.decks.links import decks_without_duplicates, link
from quizapp.decks.parsing.file_parser import ParsedFile
from quizapp.decks.parsing.python_syntax import unswept
from quizapp.decks.problems import nearest
from quizapp.decks.reader import deck_files, read_files
from quizapp.errors import Problem, UsageError
from quizapp.settings import Settings

GROUP = "ptquiz.decks"
"""Entry points of this group name a package or module beside whose file the decks lie."""


@dataclass(frozen=True)
class Library:
    """The decks that can be studied, and what is wrong with the others."""

    decks: tuple[Deck, ...] = ()
    problems: tuple[Problem, ...] = ()

    @cached_property
    def _cards(self) -> dict[str, Card]:
        return {card.name: card for deck in self.decks for card in deck}

    @cached_property
    def _former(self) -> dict[str, Card]:
        return {name: card for card in self._cards.values() for name in card.was}

    def cards(self) -> Iterator[Card]:
        """Every card, deck by deck, in the order in which they teach."""
        return iter(self._cards.values())

    def card(self, name: str) -> Card:
        """The card `deck/id`, by a former name too; a bare id where only one deck has it. Raises UsageError."""
        found = self._cards.get(name) or self._former.get(name)
        if found is not None:
            return found
        same = [card for card in self._cards.values() if card.id == name]
        if len(same) == 1:
            return same[0]
        if same:
            raise UsageError(f"several decks have a card `{name}`", "name one: " + _names(card.name for card in same))
        near = nearest(name, [*self._cards, *(card.id for card in self._cards.values())])
        raise UsageError(f"there is no card `{name}`", f"did you mean `{near}`?" if near else self._way_out())

    def deck(self, slug: str) -> Deck:
        """The deck with this slug. Raises UsageError."""
        for deck in self.decks:
            if deck.slug == slug:
                return deck
        near = nearest(slug, [deck.slug for deck in self.decks])
        raise UsageError(f"there is no deck `{slug}`", f"did you mean `{near}`?" if near else self._way_out())

    def _way_out(self) -> str:
        if not self.decks:
            return "give a folder of decks with `--decks`"
        return "decks are: " + _names(deck.slug for deck in self.decks)


def _names(names: Iterator[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:12]) + (" …" if len(listed) > 12 else "")


def load_library(
    extra: Sequence[str | Path] = (),
    environment: Mapping[str, str] = os.environ,
    settings: Settings | None = None,
    keep_in: Path | None = None,
) -> Library:
    """All decks there are; of two with one slug the one named more directly wins, which is said.

    In order: `extra`, `PTQUIZ_DECKS`, the settings, installed packages, shipped decks. Decks are kept in the
    folder `keep_in`, as they were read, and taken from there while their files do not change.
    """
    problems: list[Problem] = []
    readings: list[ParsedFile] = []
    cache = DeckCache(keep_in) if keep_in else None
    seen: set[Path] = set()
    with unswept(lasting=True):
        for folder in _places(extra, environment, settings or Settings(), problems):
            files = [file for file in deck_files(folder, problems) if file.resolve() not in seen]
            seen |= {file.resolve() for file in files}
            found = read_files(files, problems, cache)
            for reading in found:
                reading.deck = with_trust(reading.deck) if reading.deck else None
            readings += sorted(found, key=lambda reading: reading.deck.order if reading.deck else LAST)
        for problem in link(readings):
            kept = problem.kind == "duplicate-deck"
            problems.append(replace(problem, severity="warning") if kept else problem)
    if cache:
        cache.tidy()
    return Library(tuple(decks_without_duplicates(readings)), tuple(problems))


def with_trust(deck: Deck) -> Deck:
    """The deck, marked as the program's own where its file is one of the shipped."""
    if shipped().resolve() not in deck.path.resolve().parents:
        return deck
    return replace(deck, cards=tuple(replace(card, trusted=True) for card in deck.cards))


def _places(
    extra: Sequence[str | Path], environment: Mapping[str, str], settings: Settings, problems: list[Problem]
) -> Iterator[Path]:
    """Folders and files to look into."""
    named = [*extra, *environment.get("PTQUIZ_DECKS", "").split(os.pathsep), *settings.decks]
    for path in named:
        if str(path):
            yield Path(path).expanduser()
    for entry in entry_points(group=GROUP):
        yield from _of_package(entry, problems)
    yield shipped()


def _of_package(entry: EntryPoint, problems: list[Problem]) -> list[Path]:
    """The folder of an installed package that holds decks, found without running the package."""
    name = entry.value.partition(":")[0].strip()
    folder = entry.value.partition(":")[2].strip()
    try:
        spec = find_spec(name.partition(".")[0])
        root = spec.submodule_search_locations if spec else None
    except (ImportError, ValueError):
        root = None
    if not root:
        message = f"the package `{name}` names decks, but cannot be found"
        problems.append(
            Problem(name, 0, 0, message, "install it again, or remove it", "missing-package", None, "warning")
        )
        return []
    inner = [*name.split(".")[1:], *([folder] if folder else [])]
    return [Path(root[0], *inner)]


def shipped() -> Path:
    """Where the program's own decks lie: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent / "decks"

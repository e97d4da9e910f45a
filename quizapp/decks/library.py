"""Finds decks: from flags, environment and settings, in installed packages, and shipped with the program."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from quizapp.decks.broken_decks import BrokenDeck, broken_decks, deck_of
from quizapp.decks.cache import DeckCache
from quizapp.decks.card import LAST, Card, Deck
from quizapp.decks.deck_paths import require_path
from quizapp.decks.deck_search import deck_files
from quizapp.decks.links import check_links, decks_without_duplicates
from quizapp.decks.parsed_file import ParsedFile
from quizapp.decks.problems import nearest
from quizapp.decks.reader import gc_paused, read_files, warn_about_foreign_files
from quizapp.errors import DeckError, Problem, UsageError
from quizapp.settings import Settings, expand_user
from quizapp.text.printable import one_line

ENTRY_POINTS = "ptquiz.decks"
"""Entry points of this group name an installed package, and after `:` the folder in it that contains decks."""


UNUSED = frozenset({"deck-copy", "duplicate-deck", "not-a-file", "unreadable-folder"})
"""Kinds of warnings about decks that are not used although they have no errors."""


@dataclass(frozen=True)
class Library:
    """The decks that can be studied, and the problems of all decks."""

    decks: tuple[Deck, ...] = ()
    problems: tuple[Problem, ...] = ()
    broken: tuple[BrokenDeck, ...] = ()
    """Deck files with errors; none of their cards is in `decks`."""

    @cached_property
    def _cards(self) -> dict[str, Card]:
        return {card.name: card for deck in self.decks for card in deck}

    @cached_property
    def _by_former_name(self) -> dict[str, Card]:
        return {name: card for card in self._cards.values() for name in card.was}

    def cards(self) -> Iterator[Card]:
        """Iterate over all cards, in the order of the decks and of the cards in them."""
        return iter(self._cards.values())

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of all decks, with and without errors."""
        return tuple([deck.path for deck in self.decks] + [deck.path for deck in self.broken])

    def names(self) -> set[str]:
        """Return the full names of all cards, including those of decks with errors."""
        return self._cards.keys() | {f"{deck.slug}/{card_id}" for deck in self.broken for card_id in deck.ids}

    def skipped(self) -> list[Problem]:
        """Return the first problem of each file that is not used, sorted by path."""
        first: dict[str, Problem] = {}
        for problem in self.problems:
            if problem.severity == "error" or problem.kind in UNUSED:
                first.setdefault(problem.path, problem)
        return sorted(first.values(), key=lambda problem: problem.path)

    def require_paths(self, paths: Sequence[str | Path]) -> None:
        """Raise DeckError if one of `paths` is a deck file with errors, UsageError if one contains no decks.

        Folders may contain files with errors.
        """
        named = {deck_of(Path(path)).resolve() for path in paths}
        _raise_errors(deck for deck in self.broken if deck.path.resolve() in named)
        for path in paths:
            require_deck(Path(path))

    def require_tags(self, tags: Iterable[str]) -> None:
        """Raise UsageError if no card has one of `tags`."""
        known = {tag for card in self.cards() for tag in card.tags}
        for tag in tags:
            if tag not in known:
                hint = self._hint(nearest(tag, sorted(known)), "the tags are: " + _join(iter(sorted(known))))
                raise UsageError(f"no card has the tag `{tag}`", hint)

    def card(self, name: str) -> Card:
        """Return a card by `deck/id`, by a former name, or by an id that only one deck has.

        Raises DeckError if a deck that has errors may contain the card, UsageError if no deck does.
        """
        found = self._cards.get(name) or self._by_former_name.get(name)
        if found is not None:
            return found
        matches = [card for card in self._cards.values() if card.id == name]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UsageError(
                f"several decks have a card `{name}`", "choose one: " + _join(card.name for card in matches)
            )
        _raise_errors(deck for deck in self.broken if deck.has_card(name))
        near = nearest(name, [*self._cards, *(card.id for card in self._cards.values())])
        raise UsageError(f"no such card: `{name}`", self._hint(near, self._deck_hint()))

    def deck(self, slug: str) -> Deck:
        """Return the deck with this slug. Raises DeckError if it has errors, UsageError if there is none."""
        for deck in self.decks:
            if deck.slug == slug:
                return deck
        _raise_errors(deck for deck in self.broken if deck.slug == slug)
        near = nearest(slug, [deck.slug for deck in self.decks])
        raise UsageError(f"no such deck: `{slug}`", self._hint(near, self._deck_hint()))

    def _hint(self, near: str | None, otherwise: str) -> str:
        hint = f"did you mean `{near}`?" if near else otherwise
        return f"{hint} ({skipped_note(skipped)})" if (skipped := self.skipped()) else hint

    def _deck_hint(self) -> str:
        if not self.decks:
            return "give a folder of decks with `--decks`"
        return "the decks are: " + _join(deck.slug for deck in self.decks)


def require_deck(path: Path) -> None:
    """Raise UsageError if `path` cannot be read, or is a folder without decks."""
    require_path(path)
    problems: list[Problem] = []
    if not deck_files(path, problems):
        hint = "the name of a deck file ends in `.yaml`" + (f" ({skipped_note(problems)})" if problems else "")
        raise UsageError(f"{one_line(str(path))}: no deck in this folder", hint)


def skipped_note(problems: Sequence[Problem]) -> str:
    """Return a sentence about decks that are not used; `problems` has one of each."""
    first = problems[0]
    reason = f"line {first.line}: {first.message}" if first.line else first.message
    more = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
    return f"skipped {one_line(first.path)} ({reason}){more}; `ptquiz decks` lists all problems"


def _raise_errors(broken: Iterable[BrokenDeck]) -> None:
    """Raise DeckError with the errors of all of these decks, if there are any."""
    if errors := [error for deck in broken for error in deck.errors]:
        raise DeckError(errors)


def _join(names: Iterator[str]) -> str:
    first, rest = list(islice(names, 12)), next(names, None)
    return ", ".join(first) + (" …" if rest else "")


def load_library(
    extra: Sequence[str | Path] = (),
    environment: Mapping[str, str] = os.environ,
    settings: Settings | None = None,
    cache_folder: Path | None = None,
) -> Library:
    """Load all decks, from `extra`, `PTQUIZ_DECKS`, the settings, installed packages and the program, in this order.

    Of two decks with the same slug the first is used, with a warning. Parsed decks are cached in `cache_folder`.
    """
    problems: list[Problem] = []
    parsed: list[ParsedFile] = []
    cache = DeckCache(cache_folder) if cache_folder else None
    seen: set[Path] = set()
    with gc_paused(freeze=True):
        for folder in _deck_paths(extra, environment, settings or Settings(), problems):
            files = [file for file in deck_files(folder, problems) if file.resolve() not in seen]
            seen |= {file.resolve() for file in files}
            read: list[Problem] = []
            found = read_files(files, read, cache)
            problems += warn_about_foreign_files(read, [folder])
            for file in found:
                file.deck = mark_trusted(file.deck) if file.deck else None
            parsed += sorted(found, key=lambda file: file.deck.order if file.deck else LAST)
        for problem in check_links(parsed):
            is_warning = problem.kind == "duplicate-deck"
            problems.append(replace(problem, severity="warning") if is_warning else problem)
    if cache:
        cache.prune()
    return Library(
        tuple(decks_without_duplicates(parsed)), tuple(dict.fromkeys(problems)), broken_decks(parsed, problems)
    )


def mark_trusted(deck: Deck) -> Deck:
    """Return `deck` with its cards marked as trusted if it is shipped with the program."""
    if shipped().resolve() not in deck.path.resolve().parents:
        return deck
    return replace(deck, cards=tuple(replace(card, trusted=True) for card in deck.cards))


def _deck_paths(
    extra: Sequence[str | Path], environment: Mapping[str, str], settings: Settings, problems: list[Problem]
) -> Iterator[Path]:
    """Iterate over the folders and files to read."""
    paths = [*extra, *environment.get("PTQUIZ_DECKS", "").split(os.pathsep), *settings.decks]
    for path in paths:
        if str(path):
            yield expand_user(path)
    for entry in entry_points(group=ENTRY_POINTS):
        yield from _package_folders(entry, problems)
    yield shipped()


def _package_folders(entry: EntryPoint, problems: list[Problem]) -> list[Path]:
    """Return the folder of an installed package that contains decks, without importing the package."""
    name = entry.value.partition(":")[0].strip()
    folder = entry.value.partition(":")[2].strip()
    try:
        spec = find_spec(name.partition(".")[0])
        root = spec.submodule_search_locations if spec else None
    except (ImportError, ValueError):
        root = None
    if not root:
        message = f"the package `{name}` is registered for decks, but cannot be found"
        problems.append(
            Problem(name, 0, 0, message, "install it again, or uninstall it", "missing-package", None, "warning")
        )
        return []
    inner = [*name.split(".")[1:], *([folder] if folder else [])]
    return [Path(root[0], *inner)]


def shipped() -> Path:
    """Return the folder of the shipped decks: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent / "decks"

"""YAML -> Deck, or every problem at once as path:line:column."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from quizapp.decks.ahead import helped
from quizapp.decks.cache import DeckCache
from quizapp.decks.card import Deck
from quizapp.decks.links import decks_without_duplicates, link
from quizapp.decks.parsing.file_parser import ParsedFile, read_file
from quizapp.decks.parsing.python_syntax import quiet, unswept
from quizapp.decks.problems import WHOLE_FILE, Problems
from quizapp.decks.translations import SUFFIXES, deck_beside, language_of, read_sidecar, translations_of
from quizapp.errors import DeckError, Problem


def read_deck(path: Path) -> Deck:
    """The deck in one file, with its translations. Raises DeckError with every problem of the file and of these."""
    decks, problems = read_decks([path], alone=True)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors or not decks:
        raise DeckError(errors)
    return decks[0]


def read_decks(
    paths: Iterable[Path], known: Collection[str] = (), alone: bool = False
) -> tuple[list[Deck], list[Problem]]:
    """The decks in files and folders, and every problem, those between decks too.

    `known` are names of cards that `after` may name although they are not in these files; `alone`
    lets it name any card of another deck. A deck with an error is left out; one whose `after`
    leads nowhere is kept.
    """
    problems: list[Problem] = []
    files = list(dict.fromkeys(file for path in paths for file in deck_files(path, problems)))
    readings = read_files(files, problems)
    return decks_without_duplicates(readings), [*problems, *_between(readings, known, alone)]


def read_files(files: Sequence[Path], problems: list[Problem], cache: DeckCache | None = None) -> list[ParsedFile]:
    """Each deck file with its translations; what is wrong with any of them is added to `problems`.

    What `cache` kept is taken from there, and what is read without a problem is kept in it.
    """
    beside = translations_of(files)
    with quiet(), unswept():
        found = {file: kept for file in files if cache and (kept := cache.find(file, beside[file]))}
        with helped([file for file in files if file not in found], cache) as own:
            found |= {file: _read(file, beside[file], problems, cache) for file in own}
        for file in files:
            if file not in found:
                found[file] = (cache and cache.find(file, beside[file])) or _read(file, beside[file], problems, cache)
        return [found[file] for file in files]


def _read(path: Path, beside: Sequence[Path], problems: list[Problem], cache: DeckCache | None) -> ParsedFile:
    stamps = cache.stamps(path, beside) if cache else ()
    before = len(problems)
    reading = _read_whole(path, beside, problems)
    if cache and len(problems) == before:
        cache.keep(reading, beside, stamps)
    return reading


def _read_whole(path: Path, beside: Sequence[Path], problems: list[Problem]) -> ParsedFile:
    reading = read_file(path)
    problems.extend(reading.problems.sorted())
    translations = {}
    for translation in beside:
        found, texts = read_sidecar(translation, reading.slug, reading.ids, reading.deck)
        problems.extend(found.sorted())
        if found.errors:
            reading.deck = None
        translations[language_of(translation) or ""] = texts
    if reading.deck and translations:
        reading.deck = replace(reading.deck, translations=translations)
    return reading


def deck_files(path: Path, problems: list[Problem]) -> list[Path]:
    """The deck files at `path`: itself, or those of the folder, in order. Translations go with their decks."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
        return [file for file in files if deck_beside(file) is None and not _hidden(file, path)]
    if (deck := deck_beside(path)) is not None:
        return [deck]
    if not path.exists():
        missing = Problems(str(path))
        missing.add("missing-file", WHOLE_FILE, "there is no such file or folder", "give the path of a deck")
        problems.extend(missing.sorted())
        return []
    return [path]


def _hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root).parts)


def _between(readings: list[ParsedFile], known: Collection[str], alone: bool) -> list[Problem]:
    if not alone:
        return link(readings, known)
    others = {
        name
        for reading in readings
        if reading.deck
        for card in reading.deck
        for name in card.after
        if not name.startswith(f"{reading.slug}/")
    }
    return link(readings, others | set(known))

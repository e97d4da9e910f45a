"""Reads deck files and their translations, and reports every problem as path:line:column."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from quizapp.decks.cache import DeckCache
from quizapp.decks.card import Deck
from quizapp.decks.deck_search import distinct_deck_files
from quizapp.decks.links import check_links, decks_without_duplicates
from quizapp.decks.parsed_file import FOREIGN, ParsedFile
from quizapp.decks.parsing.python_syntax import ignore_warnings
from quizapp.decks.translation_files import language_of, translations_of
from quizapp.errors import Problem


def read_decks(
    paths: Iterable[Path], known: Collection[str] = (), named: Iterable[Path] | None = None
) -> tuple[list[Deck], list[Problem]]:
    """Return the decks in files and folders, and every problem, including those between decks.

    `known` are names of cards that `after` may name although they are not in these files. `named` are the paths that
    the user named: among them a file that is no deck is an error; None stands for `paths`. A deck with an error is left
    out, except if only its `after` or `was` has one.
    """
    problems: list[Problem] = []
    paths = tuple(paths)
    parsed = read_files(distinct_deck_files(paths, problems), problems)
    problems = warn_about_foreign_files(dict.fromkeys(problems), paths if named is None else named)
    return decks_without_duplicates(parsed), [*problems, *check_links(parsed, known)]


def warn_about_foreign_files(problems: Iterable[Problem], named: Iterable[Path]) -> list[Problem]:
    """Return the problems, with a warning for each file that is no deck, unless it is one of the `named` paths."""
    names = set(map(str, named))
    return [
        replace(problem, severity="warning") if problem.kind == FOREIGN and problem.path not in names else problem
        for problem in problems
    ]


def read_files(files: Sequence[Path], problems: list[Problem], cache: DeckCache | None = None) -> list[ParsedFile]:
    """Read each deck file with its translations, and add their problems to `problems`.

    Unchanged files come from `cache`, and files that are read without a problem are stored in it.
    """
    translations = translations_of(files)
    with ignore_warnings(), gc_paused():
        return [_read_cached(file, translations[file], problems, cache) for file in files]


def _read_cached(
    path: Path, translations: Sequence[Path], problems: list[Problem], cache: DeckCache | None
) -> ParsedFile:
    if cache is None:
        return _read(path, translations, problems)
    if cached := cache.load(path, translations):
        return cached
    stamps = cache.stamps(path, translations)
    before = len(problems)
    parsed = _read(path, translations, problems)
    if len(problems) == before:
        cache.store(parsed, translations, stamps)
    return parsed


def _read(path: Path, translations: Sequence[Path], problems: list[Problem]) -> ParsedFile:
    # Imported late: with every deck in the cache, neither the parser nor the YAML library is needed.
    from quizapp.decks.parsing.file_parser import parse_file
    from quizapp.decks.translations import read_translation

    parsed = parse_file(path)
    problems.extend(parsed.problems.sorted())
    texts_by_language = {}
    for translation in translations:
        found, texts = read_translation(translation, parsed.slug, parsed.ids, parsed.deck)
        problems.extend(found.sorted())
        if found:
            parsed.deck = None
        texts_by_language[language_of(translation) or ""] = texts
    if parsed.deck and texts_by_language:
        parsed.deck = replace(parsed.deck, translations=texts_by_language)
    return parsed


@contextmanager
def gc_paused(freeze: bool = False) -> Iterator[None]:
    """Pause the cyclic garbage collector, which would traverse all decks repeatedly and find nothing.

    With `freeze`, later collections skip what exists by then too.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if freeze:
            gc.freeze()
        if was_enabled:
            gc.enable()

"""Reads deck files and their translations, and reports every problem as path:line:column."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from quizapp.decks.cache import DeckCache
from quizapp.decks.card import Deck
from quizapp.decks.deck_copies import has_copy_name, has_deck_suffix, original_of, skipped_copy
from quizapp.decks.links import check_links, decks_without_duplicates
from quizapp.decks.parsing.file_parser import FOREIGN, ParsedFile, parse_file
from quizapp.decks.parsing.python_syntax import ignore_warnings
from quizapp.decks.problems import WHOLE_FILE, Problems
from quizapp.decks.translations import deck_beside, language_of, read_translation, translations_of
from quizapp.errors import Problem


def read_decks(paths: Iterable[Path], known: Collection[str] = ()) -> tuple[list[Deck], list[Problem]]:
    """Return the decks in files and folders, and every problem, including those between decks.

    `known` are names of cards that `after` may name although they are not in these files. A deck with an
    error is left out, except if only its `after` or `was` has one.
    """
    problems: list[Problem] = []
    paths = tuple(paths)
    files = list(dict.fromkeys(file for path in paths for file in deck_files(path, problems)))
    parsed = read_files(files, problems)
    problems = warn_about_foreign_files(problems, paths)
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


def deck_files(path: Path, problems: list[Problem]) -> list[Path]:
    """Return the deck files at `path`, a file or a folder, sorted. For the path of a translation, return its deck.

    Copies of decks in a folder are skipped with a warning in `problems`, or come last if it cannot be known of what.
    """
    if path.is_dir():
        found = [file for file in path.rglob("*") if has_deck_suffix(file) and file.is_file()]
        decks = [file for file in found if deck_beside(file) is None and not _is_hidden(file, path)]
        originals = {file: original_of(file) for file in sorted(decks)}
        problems.extend(skipped_copy(file, original) for file, original in originals.items() if original)
        return sorted((file for file, original in originals.items() if not original), key=has_copy_name)
    if (deck := deck_beside(path)) is not None:
        return [deck]
    if not path.exists():
        missing = Problems(str(path))
        missing.add("missing-file", WHOLE_FILE, "there is no such file or folder", "give the path of a deck")
        problems.extend(missing.sorted())
        return []
    return [path]


def _is_hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root).parts)

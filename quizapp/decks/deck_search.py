"""Finds the deck files at a path, and reports every entry of a folder that looks like a deck and is skipped."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from quizapp.decks.deck_copies import has_copy_name, has_deck_suffix, original_of, skipped_copy
from quizapp.decks.deck_paths import find_fault, linked_folder, skipped_entry, skipped_folder, unusable_path
from quizapp.decks.translation_files import deck_beside
from quizapp.errors import Problem


def deck_files(path: Path, problems: list[Problem]) -> list[Path]:
    """Return the deck files at `path`, a file or a folder, sorted. For the path of a translation, return its deck.

    Copies of decks in a folder are skipped with a warning in `problems`, or come last if it cannot be known of what;
    entries that have the name of a deck and are no files are skipped with a warning too.
    """
    if fault := find_fault(path):
        problems.append(unusable_path(path, fault))
        return []
    if not path.is_dir():
        return [deck_beside(path) or path]
    decks = list(_without_special_files(_named_like_decks(path, problems), problems))
    originals = {file: original_of(file) for file in sorted(decks)}
    problems.extend(skipped_copy(file, original) for file, original in originals.items() if original)
    return sorted((file for file, original in originals.items() if not original), key=has_copy_name)


def distinct_deck_files(paths: Iterable[Path], problems: list[Problem]) -> list[Path]:
    """Return the deck files at all `paths`, without those that an earlier path has under another name."""
    seen: set[Path] = set()
    found: list[Path] = []
    for path in paths:
        files = [file for file in deck_files(path, problems) if file.resolve() not in seen]
        seen |= {file.resolve() for file in files}
        found += files
    return found


def _named_like_decks(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """Yield every entry of a folder, and of the folders in it, with a deck's suffix; hidden ones are not visited."""

    def skip(error: OSError) -> None:
        problems.append(skipped_folder(Path(error.filename), error))

    for root, folders, files in os.walk(folder, onerror=skip):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for entry in (Path(root, name) for name in sorted((*folders, *files)) if not name.startswith(".")):
            if has_deck_suffix(entry):
                yield entry
            elif entry.name in folders and entry.is_symlink():
                problems.append(linked_folder(entry))


def _without_special_files(entries: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    """Yield the deck files among `entries`. Translations are left to the reader of their decks."""
    for entry in entries:
        if deck_beside(entry) is not None:
            continue
        fault = find_fault(entry)
        if fault is None and entry.is_dir():
            fault = "a folder, not a deck file"
        if fault:
            problems.append(skipped_entry(entry, fault))
        else:
            yield entry

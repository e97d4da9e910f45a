"""The files with a deck's texts in other languages, found by name: `joining.zh.yaml` beside `joining.yaml`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from quizapp.decks.deck_copies import BACKUP_WORDS, SUFFIXES, deck_named

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


def language_of(path: Path) -> str | None:
    """Return the language of a translation by its file name; None for a deck."""
    _, dot, language = path.stem.rpartition(".")
    return language if dot and LANGUAGE.match(language) and language not in BACKUP_WORDS else None


def deck_beside(path: Path) -> Path | None:
    """Return the file of the deck that the file at `path` translates; None if it is not a translation."""
    if language_of(path) is None:
        return None
    stem = path.stem.rpartition(".")[0]
    return deck_named(stem, path)


def translations_of(files: Iterable[Path]) -> dict[Path, list[Path]]:
    """Return the translations of each deck file, sorted. Every folder is listed once."""
    translations: dict[Path, list[Path]] = {}
    by_folder: dict[Path, dict[str, list[Path]]] = {}
    for file in files:
        if file.parent not in by_folder:
            by_folder[file.parent] = _translations_in(file.parent)
        translations[file] = by_folder[file.parent].get(file.stem, [])
    return translations


def _translations_in(folder: Path) -> dict[str, list[Path]]:
    """Return the translations in a folder by the stem of their deck's file name."""
    found: dict[str, list[Path]] = {}
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except OSError:
        return found
    for name in names:
        if name.lower().endswith(SUFFIXES) and name.count(".") > 1 and language_of(path := folder / name):
            found.setdefault(path.stem.rpartition(".")[0], []).append(path)
    return found

"""Copies of deck files that other programs leave beside them: after a sync conflict, as a backup, or as a download."""

from __future__ import annotations

import re
from pathlib import Path

from quizapp.decks.deck_paths import is_regular
from quizapp.errors import Problem
from quizapp.text.printable import one_line

SUFFIXES = (".yaml", ".yml")
"""Of deck files, in lower case; a file's own may be in upper case."""

BACKUP_WORDS = ("bak", "backup", "old", "orig", "save", "tmp")
COPY_NAMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<stem>.+?) ?\([^()]*conflict[^()]*\)",  # Dropbox, Nextcloud
        r"(?P<stem>.+?)\.sync-conflict-.+",  # Syncthing
        r"(?P<stem>.+?)[ _]?\(\d+\)",  # browsers, Google Drive
        r"(?P<stem>.+?) - copy(?: ?\(\d+\))?",  # Windows
        r"(?P<stem>.+?) (?:copy|\((?:another )?copy\))(?: \d+)?",  # macOS, GNOME
        r"copy (?:\(\d+\) )?of (?P<stem>.+)",
        rf"(?P<stem>.+)[-._ ](?:{'|'.join(BACKUP_WORDS)})",
        r"(?P<stem>.+)[._](?:backup|base|local|remote)[._]\d+",  # git mergetool
    )
)
"""Names of copies without the suffix, and the programs that give them."""

SLUG_LINE = re.compile(rb"^deck:[ \t]*['\"]?([a-z0-9-]+)", re.MULTILINE)
SEARCHED_BYTES = 64 << 10
"""Bytes of a file in which its slug is searched without reading YAML."""


def has_deck_suffix(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


def deck_named(stem: str, beside: Path) -> Path | None:
    """Return the deck file `stem` in the folder of the file `beside`, with the same suffix if there are several."""
    suffixes = dict.fromkeys((beside.suffix, *SUFFIXES, *map(str.upper, SUFFIXES)))
    return next((file for suffix in suffixes if is_regular(file := beside.with_name(stem + suffix))), None)


def has_copy_name(path: Path) -> bool:
    """Return whether the name of a file is one that other programs give to copies."""
    return any(pattern.fullmatch(path.stem) for pattern in COPY_NAMES)


def original_of(path: Path) -> Path | None:
    """Return the file beside a deck file that it is a copy of, by its name; None for another deck."""
    for pattern in COPY_NAMES:
        if match := pattern.fullmatch(path.stem):
            original = deck_named(match["stem"], path)
            if original and _have_one_slug(path, original):
                return original
    return None


def _have_one_slug(path: Path, other: Path) -> bool:
    """Return whether two files have the same slug; a slug that cannot be read may be any."""
    return len({read_slug(path), read_slug(other)} - {None}) <= 1


def read_slug(path: Path) -> str | None:
    """Return the slug of a deck file that may not be valid YAML; None if it is not found."""
    try:
        with path.open("rb") as file:
            match = SLUG_LINE.search(file.read(SEARCHED_BYTES))
    except OSError:
        return None
    return match[1].decode() if match else None


def skipped_copy(path: Path, original: Path) -> Problem:
    """Return the warning about a copy that is not read."""
    name = one_line(original.name)
    message = f"a copy of `{name}`, which is read instead"
    hint = f"move what you need to `{name}`, then delete the copy; to keep it as a deck, change its slug"
    return Problem(str(path), 0, 0, message, hint, "deck-copy", None, "warning")

"""Notices what changed on disk, so that decks are checked while they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from quizapp.decks.reader import deck_files
from quizapp.decks.translations import translations_of

Stamp = tuple[int, int]
Sleep = Callable[[float], None]

EVERY = 0.5
"""Seconds between two looks; saving a file in two steps falls into one."""


def changed_files(paths: Sequence[Path], sleep: Sleep) -> Iterator[list[Path]]:
    """The decks to check: all of them at first, then those that changed, each time some did.

    A deck whose translation changed counts as changed; one that is gone is not told. `sleep` is
    what waits, and ends the watch by raising.
    """
    known: dict[Path, Stamp] = {}
    while True:
        now = stamps(paths)
        changed = [path for path in now if known.get(path) != now[path]]
        known = now
        if changed:
            yield changed
        sleep(EVERY)


def stamps(paths: Sequence[Path]) -> dict[Path, Stamp]:
    """Each deck file at `paths`, with what a save changes: time and size, those of its translations too."""
    files = [file for path in paths for file in deck_files(path, [])]
    found = {}
    for file, beside in translations_of(files).items():
        parts = [stamp for part in (file, *beside) if (stamp := _stamp(part)) is not None]
        if parts:
            found[file] = (max(time for time, _ in parts), sum(size for _, size in parts))
    return found


def _stamp(file: Path) -> Stamp | None:
    try:
        status = file.stat()
    except OSError:
        # Between two looks a file may go away: editors save by renaming.
        return None
    return status.st_mtime_ns, status.st_size

"""Polls deck files for changes, so that decks are checked whenever they are saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from quizapp.decks.deck_search import distinct_deck_files
from quizapp.decks.translation_files import translations_of

Stamp = tuple[int, int]
"""(modification time in ns, size in bytes)."""

Sleep = Callable[[float], None]

INTERVAL = 0.5
"""Seconds between two polls, long enough for an editor to save in two steps."""


def changed_files(paths: Sequence[Path], sleep: Sleep) -> Iterator[list[Path]]:
    """Yield all decks at `paths` first, then after each change the decks that changed.

    A deck whose translation changed counts as changed; a deleted deck is not reported. `sleep` waits between two
    polls, and ends the watch by raising.
    """
    known: dict[Path, Stamp] = {}
    while True:
        current = stamps(paths)
        changed = [path for path in current if known.get(path) != current[path]]
        known = current
        if changed:
            yield changed
        sleep(INTERVAL)


def stamps(paths: Sequence[Path]) -> dict[Path, Stamp]:
    """Return the stamp of each deck file at `paths`: the latest time and the total size, with its translations."""
    found = {}
    for file, beside in translations_of(distinct_deck_files(paths, [])).items():
        parts = [stamp for part in (file, *beside) if (stamp := _stamp(part)) is not None]
        if parts:
            found[file] = (max(time for time, _ in parts), sum(size for _, size in parts))
    return found


def _stamp(file: Path) -> Stamp | None:
    try:
        status = file.stat()
    except OSError:
        # The file may be missing for a moment, because editors save by renaming.
        return None
    return status.st_mtime_ns, status.st_size

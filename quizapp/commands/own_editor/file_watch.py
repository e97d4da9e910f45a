"""Polls one file for saves. Editors write in place or replace the file by renaming another one."""

from __future__ import annotations

from pathlib import Path

Stamp = tuple[int, int, int]
"""(modification time in ns, size in bytes, inode)."""

INTERVAL = 0.02
"""Seconds between two polls; the clock of modification times advances at least every 10 ms."""


class FileWatch:
    """A file of which each save is reported once, when it was unchanged for one poll: saves can take several writes."""

    def __init__(self, path: Path) -> None:
        """Start with the file as it is, which may be missing."""
        self.path = path
        self._known = self._last = stamp(path)

    def is_saved(self) -> bool:
        """Return whether the file was saved since the last time that this returned True."""
        former, self._last = self._last, stamp(self.path)
        if self._last is None or self._last == self._known or self._last != former:
            return False
        self._known = self._last
        return True


def stamp(path: Path) -> Stamp | None:
    """Return the stamp of a file; None if it is missing, as it is for a moment when it is replaced."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino

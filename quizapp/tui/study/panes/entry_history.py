"""The earlier entries of an input line, for the keys up and down. Contains no widget."""

from __future__ import annotations

MAX_ENTRIES = 500


class EntryHistory:
    """The entries, oldest first, and the place among them; the last place is the line being written."""

    def __init__(self) -> None:
        self._entries: list[str] = []
        self._place = 0
        self._unfinished = ""

    def add(self, entry: str) -> None:
        """Append an entry, unless it repeats the last one, and return to the line being written."""
        if entry.strip() and self._entries[-1:] != [entry]:
            self._entries = [*self._entries, entry][-MAX_ENTRIES:]
        self._place, self._unfinished = len(self._entries), ""

    def earlier(self, current: str) -> str:
        """Return the entry before the current one, which is kept if it is the line being written."""
        if self._place == len(self._entries):
            self._unfinished = current
        self._place = max(0, self._place - 1)
        return self._entries[self._place] if self._entries else current

    def later(self, current: str) -> str:
        """Return the entry after the current one; after the last, the line that was being written."""
        if self._place >= len(self._entries):
            return current
        self._place += 1
        return self._entries[self._place] if self._place < len(self._entries) else self._unfinished

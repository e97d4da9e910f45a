"""Searches for a character in a line and for a text. Contains no widget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizapp.tui.widgets.vim.buffer import Buffer, Position


@dataclass(frozen=True, slots=True)
class CharacterSearch:
    """A search by `f`, `F`, `t` or `T`."""

    key: str
    character: str

    @property
    def is_forward(self) -> bool:
        return self.key in "ft"

    @property
    def reversed(self) -> CharacterSearch:
        return replace(self, key=self.key.swapcase())

    def find(self, line: str, column: int, count: int, is_repeat: bool) -> int | None:
        """Return the column to move to; None if the line has too few of the character."""
        step = 1 if self.is_forward else -1
        is_till = self.key in "tT"
        found = column
        # A repeated `t` would otherwise stay before the character that it stopped at.
        if is_till and is_repeat and count == 1 and line[column + step : column + step + 1] == self.character:
            found += step if column + step >= 0 else 0
        for _ in range(count):
            found = line.find(self.character, found + 1) if self.is_forward else line.rfind(self.character, 0, found)
            if found < 0:
                return None
        return found - step if is_till else found


@dataclass(frozen=True, slots=True)
class TextSearch:
    """A search by `/`, `?`, `*` or `#`. Case matters only if the text has capitals, or for a whole word."""

    text: str
    is_forward: bool = True
    is_whole_word: bool = False

    @property
    def reversed(self) -> TextSearch:
        return replace(self, is_forward=not self.is_forward)

    def find(self, lines: Sequence[str], start: Position, count: int) -> Position | None:
        """Return the position of the match number `count` from `start`, wrapping around; None if there is no match."""
        pattern = re.escape(self.text)
        if self.is_whole_word:
            pattern = rf"(?<!\w){pattern}(?!\w)"
        ignores_case = not self.is_whole_word and self.text == self.text.lower()
        compiled = re.compile(pattern, re.IGNORECASE if ignores_case else 0)
        matches = [(row, match.start()) for row, line in enumerate(lines) for match in compiled.finditer(line)]
        if not matches or not self.text:
            return None
        if self.is_forward:
            ordered = [at for at in matches if at > start] + [at for at in matches if at <= start]
        else:
            ordered = [at for at in matches[::-1] if at < start] + [at for at in matches[::-1] if at >= start]
        return ordered[(count - 1) % len(ordered)]


def word_under_cursor(buffer: Buffer) -> tuple[str, Position] | None:
    """Return the word at or after the cursor in its line, else the signs there, with its start."""
    for pattern in (r"\w+", r"[^\w\s]+"):
        for match in re.finditer(pattern, buffer.line):
            if match.end() > buffer.column:
                return match.group(), (buffer.row, match.start())
    return None

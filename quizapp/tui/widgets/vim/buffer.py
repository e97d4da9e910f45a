"""The text and the cursor that the keys of vim change. Contains no widget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

Position: TypeAlias = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True, slots=True)
class Buffer:
    """An immutable text with a cursor. There is at least one line."""

    lines: tuple[str, ...]
    cursor: Position = (0, 0)

    @classmethod
    def of(cls, text: str, cursor: Position = (0, 0)) -> Buffer:
        return cls(tuple(text.split("\n")), cursor)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def row(self) -> int:
        return self.cursor[0]

    @property
    def column(self) -> int:
        return self.cursor[1]

    @property
    def line(self) -> str:
        """The line of the cursor."""
        return self.lines[self.row]

    @property
    def last_row(self) -> int:
        return len(self.lines) - 1

    def at(self, position: Position) -> str:
        """Return the character at `position`; empty at the end of a line."""
        row, column = position
        return self.lines[row][column : column + 1]

    def moved(self, position: Position) -> Buffer:
        """Return the same text with the cursor at `position`."""
        return replace(self, cursor=position)

    def settled(self) -> Buffer:
        """Return the buffer with the cursor on a character, where normal mode keeps it."""
        row = min(max(self.row, 0), self.last_row)
        return self.moved((row, min(max(self.column, 0), max(len(self.lines[row]) - 1, 0))))

    def slice(self, start: Position, end: Position) -> str:
        """Return the text from `start` to before `end`."""
        (top, left), (bottom, right) = start, end
        if top == bottom:
            return self.lines[top][left:right]
        return "\n".join((self.lines[top][left:], *self.lines[top + 1 : bottom], self.lines[bottom][:right]))

    def replaced(self, start: Position, end: Position, text: str) -> Buffer:
        """Return the buffer with `text` from `start` to before `end`, and the cursor at `start`."""
        (top, left), (bottom, right) = start, end
        changed = (self.lines[top][:left] + text + self.lines[bottom][right:]).split("\n")
        return Buffer((*self.lines[:top], *changed, *self.lines[bottom + 1 :]), start)

    def with_lines(self, top: int, bottom: int, lines: tuple[str, ...]) -> Buffer:
        """Return the buffer with `lines` in place of the rows from `top` to before `bottom`."""
        return replace(self, lines=(*self.lines[:top], *lines, *self.lines[bottom:]) or ("",))

    def first_nonblank(self, row: int) -> Position:
        """Return the first position of a row after its indentation; the last character of a blank line."""
        line = self.lines[row]
        indent = len(line) - len(line.lstrip())
        return row, indent if indent < len(line) else max(len(line) - 1, 0)

    def indent(self, row: int) -> str:
        """Return the blanks that a row begins with."""
        line = self.lines[row]
        return line[: len(line) - len(line.lstrip())]

    def offset(self, position: Position) -> int:
        """Return the number of characters before `position`; a line break is one."""
        row, column = position
        return sum(len(line) + 1 for line in self.lines[:row]) + column

    def position(self, offset: int) -> Position:
        """Return the position after `offset` characters."""
        before = self.text[:offset]
        return before.count("\n"), len(before) - before.rfind("\n") - 1


@dataclass(frozen=True, slots=True)
class Window:
    """The rows of the text that are visible."""

    top: int = 0
    height: int = 24


def difference(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[Position, Position, str] | None:
    """Return the smallest replacement that makes `new` of `old`: start, end and text. None if they are equal."""
    before, after = "\n".join(old), "\n".join(new)
    if before == after:
        return None
    shorter = min(len(before), len(after))
    head = next((index for index in range(shorter) if before[index] != after[index]), shorter)
    rest = shorter - head
    tail = next((index for index in range(rest) if before[-1 - index] != after[-1 - index]), rest)
    buffer = Buffer(old)
    return buffer.position(head), buffer.position(len(before) - tail), after[head : len(after) - tail]

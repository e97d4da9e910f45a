"""Where each field of a card stands, kept small: most places are never looked at."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Mapping

from quizapp.decks.card import Position

WIDTH = 24
"""Bits of a column: more than the longest file has characters."""


Packed = tuple[str, bytes]
"""Field paths, parted by blanks, and as many whole numbers of 8 bytes."""


class Places(Mapping[str, Position]):
    """Field path -> place; kept as whole numbers, and packed, until somebody asks."""

    __slots__ = ("_kept",)

    def __init__(self, kept: dict[str, int] | Packed = ("", b"")) -> None:
        self._kept = kept

    @property
    def numbers(self) -> dict[str, int]:
        """Field path -> what `pack` made of its place."""
        if isinstance(self._kept, tuple):
            paths, numbers = self._kept
            self._kept = dict(zip(paths.split(), array("Q", numbers), strict=True))
        return self._kept

    @property
    def packed(self) -> Packed:
        """What `Places` is made from again; no path holds a blank."""
        if isinstance(self._kept, tuple):
            return self._kept
        return sys.intern(" ".join(self._kept)), array("Q", self._kept.values()).tobytes()

    def __getitem__(self, path: str) -> Position:
        number = self.numbers[path]
        return Position(number >> WIDTH, number & (1 << WIDTH) - 1)

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)


def pack(line: int, column: int) -> int:
    """A place, counted from 1, as one number."""
    return (line << WIDTH) + column

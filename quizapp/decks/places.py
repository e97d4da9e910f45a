"""Where each field of a card stands, kept small: most places are never looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quizapp.decks.card import Place

WIDTH = 24
"""Bits of a column: more than the longest file has characters."""


class Places(Mapping[str, Place]):
    """Field path -> place; kept as one text, or as whole numbers, until somebody asks."""

    __slots__ = ("_kept",)

    def __init__(self, kept: dict[str, int] | str = "") -> None:
        self._kept = kept

    @property
    def packed(self) -> dict[str, int]:
        if isinstance(self._kept, str):
            pairs = (entry.partition("=") for entry in self._kept.split())
            self._kept = {path: int(number) for path, _, number in pairs}
        return self._kept

    @property
    def text(self) -> str:
        """What `Places` is made from again; paths hold no blanks."""
        return " ".join(f"{path}={number}" for path, number in self.packed.items())

    def __getitem__(self, path: str) -> Place:
        number = self.packed[path]
        return Place(number >> WIDTH, number & (1 << WIDTH) - 1)

    def __iter__(self) -> Iterator[str]:
        return iter(self.packed)

    def __len__(self) -> int:
        return len(self.packed)


def pack(line: int, column: int) -> int:
    """A place, counted from 1, as one number."""
    return (line << WIDTH) + column

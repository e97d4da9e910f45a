"""The learner's answer beside the reference, line by line. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line: in both, only in the answer, or only in the reference."""

    where: Literal["both", "answer", "reference"]
    text: str

    @property
    def sign(self) -> str:
        return {"both": " ", "answer": "-", "reference": "+"}[self.where]


def diff(answer: str, reference: str) -> Iterator[DiffLine]:
    """The lines of both, those in common once."""
    mine, theirs = answer.rstrip().splitlines(), reference.rstrip().splitlines()
    for tag, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (DiffLine("both", line) for line in mine[a:b])
        else:
            yield from (DiffLine("answer", line) for line in mine[a:b])
            yield from (DiffLine("reference", line) for line in theirs[c:d])

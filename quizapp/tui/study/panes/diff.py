"""A line diff of the learner's answer and the reference. Contains no widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line that is in both texts, only in the answer, or only in the reference."""

    where: Literal["both", "answer", "reference"]
    text: str

    @property
    def sign(self) -> str:
        return {"both": " ", "answer": "-", "reference": "+"}[self.where]


def diff(answer: str, reference: str) -> Iterator[DiffLine]:
    """Yield the lines of both texts, common lines once."""
    answer_lines, reference_lines = answer.rstrip().splitlines(), reference.rstrip().splitlines()
    for tag, a, b, c, d in SequenceMatcher(None, answer_lines, reference_lines, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (DiffLine("both", line) for line in answer_lines[a:b])
        else:
            yield from (DiffLine("answer", line) for line in answer_lines[a:b])
            yield from (DiffLine("reference", line) for line in reference_lines[c:d])

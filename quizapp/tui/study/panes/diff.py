"""A line diff of two texts, such as the learner's answer and the reference. Contains no widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from textual.content import Content

from quizapp.text.printable import visible

SIGNS = {"both": " ", "old": "-", "new": "+"}
STYLES = {"both": "", "old": "$text-error", "new": "$text-success"}


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line that is in both texts, only in the old one, or only in the new one."""

    where: Literal["both", "old", "new"]
    text: str


def diff(old: str, new: str) -> Iterator[DiffLine]:
    """Yield the lines of both texts, common lines once."""
    old_lines, new_lines = old.rstrip().splitlines(), new.rstrip().splitlines()
    for tag, a, b, c, d in SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (DiffLine("both", line) for line in old_lines[a:b])
        else:
            yield from (DiffLine("old", line) for line in old_lines[a:b])
            yield from (DiffLine("new", line) for line in new_lines[c:d])


def render_diff(old: str, new: str) -> Content:
    """Return the diff with a sign and a colour for each line; control characters are escaped."""
    lines = (Content.styled(f"{SIGNS[x.where]} {visible(x.text)}", STYLES[x.where]) for x in diff(old, new))
    return Content("\n").join(lines)

"""How two texts differ: the first differing characters, named, and a diff of their lines. Does not import torch."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import unified_diff
from itertools import takewhile
from operator import eq

from quizapp.grading.language_causes import LOOK_ALIKES, PUNCTUATION
from quizapp.text.counting import plural
from quizapp.text.printable import INVISIBLE, name_character

MIN_LONG = 20
"""Characters of a line in which one differing character is easily overlooked."""

CONTEXT = 2
"""Equal lines around those that differ."""

MAX_COMPARED_LINES = 200
"""Lines from the first difference that are compared, because a diff takes quadratic time."""

MAX_DIFF_LINES = 24
MAX_LINE = 200
"""Characters of a line of a diff."""


def describe_difference(got: str, expected: str) -> str:
    """Return the first differing characters of two texts that look alike; empty for all others."""
    start = _shared(got, expected)
    got_line, expected_line = _line_at(got, start), _line_at(expected, start)
    if not _look_alike(got_line, expected_line) or _has_more_lines(got[start:], expected[start:]):
        return ""
    line, column = expected[:start].count("\n") + 1, start - expected.rfind("\n", 0, start)
    is_one_line = "\n" not in got.rstrip("\n") and "\n" not in expected.rstrip("\n")
    place = f"column {column}" if is_one_line else f"line {line}, column {column}"
    return f"{place}: expected {_character_at(expected, start)}, got {_character_at(got, start)}"


def diff_lines(got: str, expected: str) -> tuple[str, ...]:
    """Return the differing lines of two texts, of which one has several lines, with those around them."""
    got_lines, expected_lines = got.splitlines(), expected.splitlines()
    if max(len(got_lines), len(expected_lines)) < 2:
        return ()
    start = max(_shared(got_lines, expected_lines) - CONTEXT, 0)
    window = slice(start, start + MAX_COMPARED_LINES)
    changes = unified_diff(got_lines[window], expected_lines[window], n=CONTEXT, lineterm="")
    lines = [_diff_line(line) for line in changes][2:]
    if not start:
        # Without equal lines before it, the header of the first hunk is not a gap.
        lines = lines[1:]
    return _cut(lines)


def _shared(got: Sequence[str], expected: Sequence[str]) -> int:
    """Return the number of equal items, characters or lines, before the first difference."""
    return sum(takewhile(bool, map(eq, got, expected)))


def _cut(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - MAX_DIFF_LINES
    return (*lines[:MAX_DIFF_LINES], f"… {plural(more, 'more line')}") if more > 0 else tuple(lines)


def _diff_line(line: str) -> str:
    """Return a line of a unified diff with visible blanks; a header of a hunk becomes an ellipsis."""
    if line.startswith("@@"):
        return "…"
    sign, text = line[0], "".join(map(_printable, line[1 : MAX_LINE + 1]))
    if len(line) > MAX_LINE + 1:
        text += "…"
    elif sign != " ":
        stripped = text.rstrip(" ")
        text = stripped + "\\x20" * (len(text) - len(stripped))
    return f"{sign} {text}".rstrip()


def _printable(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def _has_more_lines(got: str, expected: str) -> bool:
    """Return whether one of the remaining texts is empty, and the other has further lines that are not blank."""
    longer = got or expected
    return not (got and expected) and longer.startswith("\n") and bool(longer.strip())


def _line_at(text: str, position: int) -> str:
    """Return the line that contains a position, or ends at it."""
    end = text.find("\n", position)
    return text[text.rfind("\n", 0, position) + 1 : len(text) if end < 0 else end]


def _character_at(text: str, position: int) -> str:
    return name_character(text[position]) if position < len(text) else "the end of the text"


def _look_alike(got: str, expected: str) -> bool:
    """Return whether two lines differ in blanks, case, quotes and similar characters only, or are long and similar."""
    if _skeleton(got) == _skeleton(expected):
        return True
    longest, shortest = max(len(got), len(expected)), min(len(got), len(expected))
    start = _shared(got, expected)
    end = min(_shared(got[::-1], expected[::-1]), shortest - start)
    return longest > MIN_LONG and 2 * (start + end) >= longest


def _skeleton(line: str) -> str:
    """Return a line without what is easily overlooked."""
    plain = "".join(PUNCTUATION.get(character, character) for character in line).translate(LOOK_ALIKES)
    plain = unicodedata.normalize("NFKC", plain).casefold().replace('"', "'")
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in INVISIBLE)

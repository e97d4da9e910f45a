"""Faults of single lines, in valid YAML too: unusual spaces and colons, merge conflict markers, Markdown fences."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from quizapp.decks.card import Position
from quizapp.decks.fields import FIELD_NAMES
from quizapp.decks.parsing.yaml_tree import split_lines
from quizapp.decks.problems import write_key

FULL_WIDTH_COLON = "："
KEY_WITHOUT_SPACE = re.compile(rf"[ ]*(?:- +)*(\w+) ?(:(?=[^ ])|{FULL_WIDTH_COLON})(.*)")
FENCE = re.compile(r"[ \t]*(`{3}|~{3})[\w+-]*[ \t]*$")
FENCE_NAMES = {"`": "three backticks", "~": "`~~~`"}
MERGE_MARKER = re.compile(r"(<{7}|={7}|>{7})( |$)")
UNUSUAL_SPACES = "\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200C))) + "\u202f\u205f\u3000\ufeff"
INDENTED_UNUSUALLY = re.compile(f"^[ \t-]*([{UNUSUAL_SPACES}])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Why a file is not valid YAML."""

    kind: str
    position: Position
    message: str
    hint: str


def find_merge_marker(text: str) -> SyntaxProblem | None:
    """Return a problem if valid YAML contains a merge conflict, within a text of several lines."""
    if "\n<<<<<<< " not in text and "\n>>>>>>> " not in text:
        return None
    return marker_in(split_lines(text))


def find_key_without_space(text: str) -> SyntaxProblem | None:
    """Return a problem if a text without any key has a line that is meant as `key: value`."""
    lines = split_lines(text)
    return next((problem for number in range(len(lines)) if (problem := bad_colon(lines, number))), None)


def marker_in(lines: list[str]) -> SyntaxProblem | None:
    """Return the problem of the first line that is a merge conflict marker."""
    for number, line in enumerate(lines):
        if match := MERGE_MARKER.match(line):
            message = f"a merge conflict marker: `{match[1]}`"
            hint = (
                "keep one of the two versions, and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`"
            )
            return SyntaxProblem("merge-conflict", Position(number + 1, 1), message, hint)
    return None


def bad_colon(lines: list[str], number: int) -> SyntaxProblem | None:
    """Return the problem of a field name without a colon and a space after it, on line `number`, counted from 0."""
    match = KEY_WITHOUT_SPACE.fullmatch(lines[number])
    if match is None or match[1] not in FIELD_NAMES:
        return None
    if match[2] == FULL_WIDTH_COLON:
        what = "a full-width colon after"
    elif match[3][:1] in tuple(UNUSUAL_SPACES):
        what = f"an unusual space ({_name(match[3][0])}) after the colon of"
    else:
        what = "no space after the colon of"
    hint = write_key(match[1], match[3])
    return SyntaxProblem("bad-colon", Position(number + 1, match.start(2) + 1), f"{what} the key `{match[1]}`", hint)


def unusual_indentation(lines: list[str], number: int, column: int) -> SyntaxProblem | None:
    """Return the problem of an unusual space before `column` on line `number`, both counted from 0."""
    # The fault may be behind the last line.
    match = INDENTED_UNUSUALLY.match(lines[number]) if number < len(lines) else None
    if match is None or match.start(1) > column:
        return None
    message = f"an unusual space in the indentation: {_name(match[1])}"
    return SyntaxProblem("unusual-space", Position(number + 1, match.start(1) + 1), message, "indent with plain spaces")


def _name(character: str) -> str:
    return f"U+{ord(character):04X}, {unicodedata.name(character).lower()}"

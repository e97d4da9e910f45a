"""What the editor does with a key beyond inserting it: pairs, indents, comments, search. Knows no widget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

PAIRS = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'"}
CLOSERS = frozenset(PAIRS.values())
STOPS = ("return", "pass", "break", "continue", "raise")
"""Statements after which a block is over."""

INDENT = 4
TO_FILL = re.compile(r"(?:^\s*|[=:]\s*|return )(\.\.\.)\s*(?:#.*)?$")
"""A `...` that stands for what is to be written, not for the dimensions of an index."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text to put in place of the selection, and where the cursor goes within it."""

    text: str
    back: int = 0
    """How many characters before the inserted text's end the cursor stands."""

    skip: bool = False
    """Insert nothing and step over the next character."""


def typed(character: str, before: str, after: str, selected: str) -> Insertion:
    """What typing `character` does between `before` and `after` on its line."""
    if selected and character in PAIRS and "\n" not in selected:
        return Insertion(f"{character}{selected}{PAIRS[character]}")
    if character in CLOSERS and after.startswith(character) and not selected:
        return Insertion("", skip=True)
    if character in PAIRS and _pairs(character, before, after):
        return Insertion(character + PAIRS[character], back=1)
    return Insertion(character)


def _pairs(character: str, before: str, after: str) -> bool:
    """Whether an opener brings its partner: not before a word, and a quote not after one."""
    if after[:1].isalnum() or after[:1] in ("_", '"', "'"):
        return False
    return character not in "\"'" or not (before[-1:].isalnum() or before[-1:] in ("_", '"', "'"))


def is_empty_pair(before: str, after: str) -> bool:
    """Whether the cursor stands within a pair that holds nothing, so that both halves go together."""
    return bool(before) and PAIRS.get(before[-1]) == after[:1] and bool(after)


def newline(before: str, after: str) -> Insertion:
    """The line break with the next line's indentation."""
    indent = len(before) - len(before.lstrip(" "))
    code = before.strip()
    if before[-1:] and PAIRS.get(before[-1]) == after[:1] and before[-1] in "([{":
        inner = "\n" + " " * (indent + INDENT)
        tail = "\n" + " " * indent
        return Insertion(inner + tail, back=len(tail))
    if without_comment(code).endswith((":", "(", "[", "{")):
        indent += INDENT
    elif code.split(" ")[0] in STOPS:
        indent = max(0, indent - INDENT)
    return Insertion("\n" + " " * indent)


def without_comment(code: str) -> str:
    """`code` before a `#` that stands outside a string, as far as one line can tell."""
    quote = ""
    for index, character in enumerate(code):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == "#":
            return code[:index].rstrip()
    return code


def outdent_width(before: str) -> int:
    """How many blanks one backspace takes within the indentation."""
    if before.strip(" ") or not before:
        return 1
    return (len(before) - 1) % INDENT + 1


def toggled(lines: Sequence[str]) -> list[str]:
    """The lines commented out, or brought back where all of them are comments already."""
    filled = [line for line in lines if line.strip()]
    if filled and all(line.lstrip().startswith("#") for line in filled):
        return [re.sub(r"^(\s*)# ?", r"\1", line, count=1) for line in lines]
    depth = min((len(line) - len(line.lstrip()) for line in filled), default=0)
    return [f"{line[:depth]}# {line[depth:]}" if line.strip() else line for line in lines]


def shifted(lines: Sequence[str], by: int) -> list[str]:
    """The lines moved one indent to the right (`by` 1) or to the left (`by` -1)."""
    if by > 0:
        return [" " * INDENT + line if line.strip() else line for line in lines]
    return [line[min(INDENT, len(line) - len(line.lstrip(" "))) :] for line in lines]


def opening(text: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """What is selected when a text is opened: its first `...`, to be typed over; else the end of what is there."""
    lines = text.split("\n")
    for row, line in enumerate(lines):
        if blank := TO_FILL.search(line):
            return (row, blank.start(1)), (row, blank.end(1))
    last = max((row for row, line in enumerate(lines) if line.strip()), default=0)
    return (last, len(lines[last])), (last, len(lines[last]))


def find(lines: Sequence[str], words: str, start: tuple[int, int], *, back: bool = False) -> tuple[int, int] | None:
    """Where `words` stands next after `start`, around the end; case counts only where `words` has capitals."""
    if not words:
        return None
    fold = words == words.lower()
    places = [
        (row, match.start())
        for row, line in enumerate(lines)
        for match in re.finditer(re.escape(words), line.lower() if fold else line)
    ]
    if not places:
        return None
    if back:
        return max((place for place in places if place < start), default=places[-1])
    return min((place for place in places if place > start), default=places[0])


def word_before(line: str, column: int) -> str:
    """The dotted name that ends at `column`: what is being completed."""
    match = re.search(r"[A-Za-z_][\w.]*$|\.\w*$", line[:column])
    return match.group() if match else ""

"""Text operations of the editor: bracket pairs, indentation, comments, search. Contains no widget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.text.pasted_code import clean_code

PAIRS = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'"}
CLOSERS = frozenset(PAIRS.values())
BLOCK_ENDS = ("return", "pass", "break", "continue", "raise")
"""Statements that end a block: the next line is indented less."""

INDENT = 4
PLACEHOLDER = re.compile(r"(?:^\s*|[=:]\s*|return )(\.\.\.)\s*(?:#.*)?$")
"""A `...` to be replaced by the learner; not the `...` of an index."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text that replaces the selection, and the cursor position in it."""

    text: str
    back: int = 0
    """Characters between the cursor and the end of the inserted text."""

    skip: bool = False
    """Insert nothing; move the cursor past the next character."""


def type_character(character: str, before: str, after: str, selected: str) -> Insertion:
    """Return the effect of typing `character` between `before` and `after` on one line."""
    if selected and character in PAIRS and "\n" not in selected:
        return Insertion(f"{character}{selected}{PAIRS[character]}")
    if character in CLOSERS and after.startswith(character) and not selected:
        return Insertion("", skip=True)
    if character in PAIRS and _needs_closer(character, before, after):
        return Insertion(character + PAIRS[character], back=1)
    return Insertion(character)


def _needs_closer(character: str, before: str, after: str) -> bool:
    """Return whether to add the closing character: not before a word, and for a quote not after one or in a string."""
    if after[:1].isalnum() or after[:1] in ("_", '"', "'"):
        return False
    if character not in "\"'":
        return True
    return not (before[-1:].isalnum() or before[-1:] in ("_", '"', "'") or is_in_string(before))


def is_in_string(before: str) -> bool:
    """Return whether the line `before` the cursor ends in a string that begins on this line."""
    quote, is_escaped = "", False
    for character in before:
        if is_escaped or (quote and character == "\\"):
            is_escaped = not is_escaped
        elif quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
    return bool(quote)


def is_empty_pair(before: str, after: str) -> bool:
    """Return whether the cursor is inside an empty pair, which one backspace deletes."""
    return bool(before) and PAIRS.get(before[-1]) == after[:1] and bool(after)


def break_line(before: str, after: str) -> Insertion:
    """Return the line break and the indentation of the next line."""
    indent = len(before) - len(before.lstrip(" "))
    code = before.strip()
    if before[-1:] and PAIRS.get(before[-1]) == after[:1] and before[-1] in "([{":
        inner = "\n" + " " * (indent + INDENT)
        tail = "\n" + " " * indent
        return Insertion(inner + tail, back=len(tail))
    if strip_comment(code).endswith((":", "(", "[", "{")):
        indent += INDENT
    elif code.split(" ")[0] in BLOCK_ENDS:
        indent = max(0, indent - INDENT)
    return Insertion("\n" + " " * indent)


def strip_comment(code: str) -> str:
    """Return `code` without its comment. Strings that span several lines are not recognised."""
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
    """Return how many spaces one backspace deletes: back to the last indent stop, one after any text."""
    if before.strip(" ") or not before:
        return 1
    return (len(before) - 1) % INDENT + 1


def toggle_comments(lines: Sequence[str]) -> list[str]:
    """Return the lines commented out, or uncommented if all of them are comments."""
    filled = [line for line in lines if line.strip()]
    if filled and all(line.lstrip().startswith("#") for line in filled):
        return [re.sub(r"^(\s*)# ?", r"\1", line, count=1) for line in lines]
    depth = min((len(line) - len(line.lstrip()) for line in filled), default=0)
    return [f"{line[:depth]}# {line[depth:]}" if line.strip() else line for line in lines]


def indent_lines(lines: Sequence[str], by: int) -> list[str]:
    """Return the lines indented by one level (`by` 1) or dedented by one (`by` -1)."""
    if by > 0:
        return [" " * INDENT + line if line.strip() else line for line in lines]
    return [line[min(INDENT, len(line) - len(line.lstrip(" "))) :] for line in lines]


def clean_pasted(text: str) -> str:
    """Return pasted code as `clean_code` does, indented by spaces: Python accepts no mixture of tabs and spaces."""
    return re.sub(r"^[ \t]*\t", lambda match: match[0].expandtabs(INDENT), clean_code(text), flags=re.MULTILINE)


def initial_selection(text: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the selection of a newly opened text: its first placeholder `...`, else the end of the last line."""
    lines = text.split("\n")
    for row, line in enumerate(lines):
        if placeholder := PLACEHOLDER.search(line):
            return (row, placeholder.start(1)), (row, placeholder.end(1))
    last = max((row for row, line in enumerate(lines) if line.strip()), default=0)
    return (last, len(lines[last])), (last, len(lines[last]))


def find(
    lines: Sequence[str], query: str, start: tuple[int, int], *, backwards: bool = False
) -> tuple[int, int] | None:
    """Return row and column of the next match after `start`, wrapping around; None if there is no match.

    Case matters only if `query` has capitals.
    """
    if not query:
        return None
    ignore_case = query == query.lower()
    matches = [
        (row, match.start())
        for row, line in enumerate(lines)
        for match in re.finditer(re.escape(query), line.lower() if ignore_case else line)
    ]
    if not matches:
        return None
    if backwards:
        return max((match for match in matches if match < start), default=matches[-1])
    return min((match for match in matches if match > start), default=matches[0])


def word_before(line: str, column: int) -> str:
    """Return the dotted name that ends at `column`."""
    match = re.search(r"[A-Za-z_][\w.]*$|\.\w*$", line[:column])
    return match.group() if match else ""


def name_around(line: str, column: int) -> str:
    """Return the dotted name that the cursor is in or after; empty if there is none."""
    rest = re.match(r"\w*", line[column:])
    word = word_before(line, column) + (rest.group() if rest else "")
    return word if re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*", word) else ""


def is_in_text(before: str) -> bool:
    """Return whether the line `before` the cursor ends in a string or in a comment."""
    return is_in_string(before) or strip_comment(before) != before


def is_plain_name(line: str, column: int) -> bool:
    """Return whether the word that ends at `column` is a name by itself: not an attribute, nor a part of a number."""
    return re.search(r"(?<![\w.])[^\W\d]\w*$", line[:column]) is not None

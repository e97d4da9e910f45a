"""Reads a deck file from bytes to a tree, and reports why it is not valid YAML."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from quizapp.decks.card import Position
from quizapp.decks.deck_paths import find_fault
from quizapp.decks.parsing.line_faults import SyntaxProblem, find_key_without_space, find_merge_marker
from quizapp.decks.parsing.quoting import quote_hint
from quizapp.decks.parsing.syntax_hints import explain, find_unusual_space
from quizapp.decks.parsing.yaml_tree import (
    BLOCKS,
    DocumentTooLarge,
    Node,
    Scalar,
    UnsupportedYaml,
    compose,
    position_of,
    split_lines,
)
from quizapp.decks.problems import WHOLE_FILE, Problems
from quizapp.text.files import NotUtf8Error, decode_text

MAX_BYTES = 4 << 20
"""Bytes of one file; a deck of a thousand long cards has about 2 MiB."""

UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class DeckSource:
    """The text and tree of a file."""

    text: str
    root: Node

    @cached_property
    def lines(self) -> list[str]:
        return split_lines(self.text)

    def line(self, number: int) -> str:
        """Return line `number`, counted from 1; empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def text_of(self, node: Node) -> str:
        """Return the text of a node on its first line, including brackets and quotes."""
        line = self.line(node.start_mark.line + 1)
        end = node.end_mark.column if node.end_mark.line == node.start_mark.line else len(line)
        return line[node.start_mark.column : end].strip()

    def block_indent(self, node: Scalar) -> int:
        """Return the indentation of a block scalar, without the indentation that belongs to its text."""
        number = node.start_mark.line + 1
        if number >= len(self.lines):
            return 0
        if node.value[:1] not in (" ", "\n"):
            line = self.lines[number]
            return len(line) - len(line.lstrip(" "))
        for offset, text in enumerate(node.value.split("\n")):
            if text.strip():
                line = self.line(number + offset + 1)
                return len(line) - len(line.lstrip(" ")) - (len(text) - len(text.lstrip(" ")))
        return 0

    def block_lines(self, node: Scalar) -> str:
        """Return the lines of a block scalar as they would be under `|`."""
        indent = self.block_indent(node)
        return "\n".join(line[indent:] for line in self.lines[node.start_mark.line + 1 : node.end_mark.line])

    def text_start(self, node: Scalar) -> Position:
        """Return where the text of a scalar begins: for a block, on its first line."""
        if node.style in BLOCKS:
            return Position(node.start_mark.line + 2, self.block_indent(node) + 1)
        return position_of(node.start_mark)


def read_source(path: Path, problems: Problems) -> DeckSource | None:
    """Return the text and tree of a file, or None, with a problem added, if it has no tree."""
    text = _read_text(path, problems)
    root = None if text is None else _compose(text, problems)
    return None if text is None or root is None else DeckSource(text, root)


def _read_text(path: Path, problems: Problems) -> str | None:
    """Return the text of a file, without a byte order mark."""
    if fault := find_fault(path):
        problems.add("unreadable", WHOLE_FILE, fault, "put a file there, or remove it")
        return None
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            data = file.read(MAX_BYTES + 1) or b""
            size = max(os.fstat(file.fileno()).st_size, len(data))
    except OSError as error:
        message = f"cannot be read: {(error.strerror or str(error)).lower()}"
        problems.add("unreadable", WHOLE_FILE, message, "change its permissions, or remove it")
        return None
    if size > MAX_BYTES:
        message = f"{size / (1 << 20):.1f} MiB is too large for a deck"
        problems.add("too-large", WHOLE_FILE, message, f"split it: a deck file has at most {MAX_BYTES >> 20} MiB")
        return None
    try:
        return decode_text(data)
    except NotUtf8Error as error:
        problems.add("not-utf8", Position(error.line, error.column), error.message, "save the file as UTF-8")
        return None


def _open_without_waiting(path: str, flags: int) -> int:
    # Some regular files of /proc wait for data, and a file may be replaced by a pipe after it was looked at.
    return os.open(path, flags | os.O_NONBLOCK)


def _compose(text: str, problems: Problems) -> Node | None:
    try:
        root, unsupported = compose(text)
    except DocumentTooLarge as error:
        problems.add("too-much", position_of(error.mark), error.message, "split it into several decks")
        return None
    except yaml.reader.ReaderError:
        _add_unprintable(text, problems)
        return None
    except yaml.MarkedYAMLError as error:
        _add(explain(error, text), problems)
        return None
    if found := find_unusual_space(text) or find_merge_marker(text) or _bad_colon_in(root, text):
        _add(found, problems)
        return None
    if root is None:
        hint = "a deck begins with `format: 1`, `deck:` and `cards:`"
        problems.add("empty", Position(1, 1), "the file is empty", hint)
    for construct in unsupported:
        _add_unsupported(construct, split_lines(text), problems)
    return root


def _bad_colon_in(root: Node | None, text: str) -> SyntaxProblem | None:
    return find_key_without_space(text) if type(root) is Scalar and not root.style else None


def _add(found: SyntaxProblem, problems: Problems) -> None:
    problems.add(found.kind, found.position, found.message, found.hint)


def _add_unprintable(text: str, problems: Problems) -> None:
    """Report the character at which the parser stopped."""
    bad = UNPRINTABLE.search(text)
    before = split_lines(text[: bad.start()] if bad else "")
    where = Position(len(before), len(before[-1]) + 1)
    name = f": U+{ord(bad.group()):04X}" if bad else ""
    hint = 'remove it, or write it as an escape in `"…"`'
    problems.add("control-character", where, f"a character that YAML does not allow{name}", hint)


def _add_unsupported(construct: UnsupportedYaml, lines: list[str], problems: Problems) -> None:
    if construct.kind == "several-documents":
        message, hint = "a second document begins here", "remove `---`, and put each deck in a separate file"
    else:
        remedy = "remove it" if construct.kind == "tag" else "write the value out"
        what = "tags" if construct.kind == "tag" else "anchors and aliases"
        message = f"{what} are not supported: `{construct.text}`"
        hint = f"{remedy}; {quote_hint(lines[construct.position.line - 1], construct.position.column)}"
    problems.add(construct.kind, construct.position, message, hint)

"""A deck file from bytes to a tree, with everything said that keeps it from being one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from quizapp.decks.card import Position
from quizapp.decks.parsing import syntax_hints
from quizapp.decks.parsing.yaml_tree import DocumentTooLarge, Node, Scalar, UnsupportedYaml, compose, place
from quizapp.decks.problems import WHOLE_FILE, Problems

LARGEST = 4 << 20
"""Bytes of one file; a deck of a thousand long cards has about 2 MiB."""

MOST_MENDS = 30
"""Syntax errors told of one file, each found by mending the one before."""

MOST_REREAD = 8 << 20
"""Characters parsed in all while mending."""

BLOCKS = ("|", ">")
BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class DeckSource:
    """A file's text and tree. `partial` where syntax errors had to be cut out to read the rest."""

    text: str
    root: Node | None = None
    partial: bool = False

    @cached_property
    def lines(self) -> list[str]:
        return split_lines(self.text)

    def line(self, number: int) -> str:
        """Line `number`, counted from 1; empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def slice(self, node: Node) -> str:
        """What stands in the file for a node that begins and ends on one line: brackets and quotes included."""
        line = self.line(node.start_mark.line + 1)
        end = node.end_mark.column if node.end_mark.line == node.start_mark.line else len(line)
        return line[node.start_mark.column : end].strip()

    def indent(self, node: Scalar) -> int:
        """How far a block scalar is indented, apart from its text's own indentation."""
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

    def begin(self, node: Scalar) -> Position:
        """Where a scalar's text begins: of a block, its first line; else the scalar itself."""
        if node.style in BLOCKS:
            return Position(node.start_mark.line + 2, self.indent(node) + 1)
        return place(node.start_mark)


def split_lines(text: str) -> list[str]:
    """Lines as YAML counts them."""
    return BREAK.split(text) if any(sign in text for sign in "\r\x85\u2028\u2029") else text.split("\n")


def read_source(path: Path, problems: Problems) -> DeckSource | None:
    """The file's tree as far as it can be read; None where there is nothing to go on with."""
    text = _text(path, problems)
    if text is None:
        return None
    source = DeckSource(text)
    before = problems.errors
    _compose(source, problems)
    if source.root is None and problems.errors == before:
        problems.add(
            "empty", Position(1, 1), "the file is empty", "a deck begins with `format: 1`, `deck:` and `cards:`"
        )
    return source if source.root is not None else None


def _text(path: Path, problems: Problems) -> str | None:
    """The file as text, without a byte order mark."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        problems.add("unreadable", WHOLE_FILE, f"cannot be read: {error.strerror}", "give the path of a deck file")
        return None
    if size > LARGEST:
        message = f"{size / (1 << 20):.1f} MiB is too large for a deck"
        problems.add("too-large", WHOLE_FILE, message, f"split it: a deck file has at most {LARGEST >> 20} MiB")
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
        hint = "save it as UTF-8 without a byte order mark (BOM)"
        problems.add("byte-order-mark", Position(1, 1), "the file begins with a byte order mark", hint)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.add("not-utf8", _place_of_byte(data, error.start), "not UTF-8", "save the file as UTF-8")
        return None
    return text


def _place_of_byte(data: bytes, index: int) -> Position:
    before = data[:index].decode("utf-8", "replace").split("\n")
    return Position(len(before), len(before[-1]) + 1)


def _compose(source: DeckSource, problems: Problems) -> None:
    """Fill in the tree; mend each syntax error and go on, so that later ones are told too."""
    text = source.text
    for _ in range(max(1, min(MOST_MENDS, MOST_REREAD // max(1, len(text))))):
        try:
            source.root, oddities = compose(text)
        except DocumentTooLarge as much:
            problems.add("too-much", place(much.mark), much.message, "split it into several decks")
            return
        except yaml.reader.ReaderError:
            _unprintable(text, problems)
            return
        except yaml.MarkedYAMLError as error:
            lines = split_lines(text)
            found = syntax_hints.explain(error, lines)
            problems.add(found.kind, found.place, found.message, found.hint)
            mended = found.mended or syntax_hints.without_card(lines, found.place.line)
            source.partial = source.partial or found.mended is None
            if mended is None:
                return
            text = "\n".join(mended)
            source.text = text
        else:
            for oddity in oddities:
                _tell(oddity, source, problems)
            return


def _unprintable(text: str, problems: Problems) -> None:
    """Say where the character stands that the parser stumbled over."""
    bad = UNPRINTABLE.search(text)
    before = split_lines(text[: bad.start()] if bad else "")
    where = Position(len(before), len(before[-1]) + 1)
    name = f"U+{ord(bad.group()):04X}" if bad else "it cannot be told which"
    hint = 'remove it, or write it as an escape in `"…"`'
    problems.add("control-character", where, f"a character that YAML does not allow: {name}", hint)


def _tell(oddity: UnsupportedYaml, source: DeckSource, problems: Problems) -> None:
    if oddity.kind == "several-documents":
        message, hint = "a second document begins here", "put each deck into a file of its own, and remove `---`"
    elif oddity.kind == "alias":
        message = f"anchors and aliases are not read: `{oddity.text}`"
        hint = "write the value out; " + syntax_hints.quoting(source.line(oddity.place.line), oddity.place.column)
    else:
        message = f"tags are not read: `{oddity.text}`"
        hint = "remove it; " + syntax_hints.quoting(source.line(oddity.place.line), oddity.place.column)
    problems.add(oddity.kind, oddity.place, message, hint)

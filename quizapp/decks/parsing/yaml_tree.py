"""A YAML file as a tree with positions: every scalar is text, nothing is resolved or constructed.

The tree is made from parser events, because PyYAML's own composer recurses in C (deep nesting
ends the process) and follows aliases. Depth and size are bounded here; aliases are leaves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from quizapp.decks.card import Position

MAX_DEPTH = 40
MAX_EVENTS = 400_000

BLOCKS = ("|", ">")
LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
CORE_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map"))


if TYPE_CHECKING:

    class Scalar:
        """Text, and how it was written: `style` is empty for plain text, or one of `'`, `"`, `|`, `>`."""

        value: str
        style: str
        anchor: str | None
        start_mark: Any
        end_mark: Any

    class Alias:
        """`*name`, which a deck may not contain."""

        anchor: str
        start_mark: Any
        end_mark: Any
else:
    # The parser's events are used directly: a second object for every scalar would cost a tenth of the reading time.
    Scalar = yaml.ScalarEvent
    Alias = yaml.AliasEvent


class Collection:
    """A list or map. `children` of a map alternate between keys and values."""

    __slots__ = ("children", "end_mark", "flow", "start_mark")

    def __init__(self, event: Any) -> None:
        self.children: list[Node] = []
        self.flow: bool = event.flow_style
        self.start_mark = event.start_mark
        self.end_mark = event.end_mark


class Sequence(Collection):
    """A list."""

    __slots__ = ()


class Mapping(Collection):
    """A map as written: keys in order, including repeated ones."""

    __slots__ = ()

    @property
    def pairs(self) -> Iterator[tuple[Node, Node]]:
        return zip(self.children[::2], self.children[1::2], strict=True)


Node = Scalar | Alias | Sequence | Mapping


class DocumentTooLarge(Exception):
    """A file that is nested too deeply or has too many values to be a deck."""

    def __init__(self, message: str, mark: Any) -> None:
        super().__init__(message)
        self.message = message
        self.mark = mark


@dataclass(frozen=True, slots=True)
class UnsupportedYaml:
    """Something that YAML allows and decks do not: an alias, an anchor, a tag, a second document."""

    kind: str
    text: str
    position: Position


def split_lines(text: str) -> list[str]:
    """Split text into lines at the line breaks of YAML."""
    return LINE_BREAK.split(text) if any(sign in text for sign in "\r\x85\u2028\u2029") else text.split("\n")


def position_of(mark: Any) -> Position:
    """Return the position of a parser's mark, which counts from 0."""
    return Position(mark.line + 1, mark.column + 1)


def compose(text: str) -> tuple[Node | None, list[UnsupportedYaml]]:
    """Return the tree of `text` (None for an empty file) and what decks may not contain.

    Raises yaml.YAMLError and DocumentTooLarge.
    """
    return _Composer(text).compose()


class _Composer:
    """Builds the tree with an explicit stack."""

    def __init__(self, text: str) -> None:
        self.next_event: Callable[[], Any] = yaml.CBaseLoader(text).get_event
        self.unsupported: list[UnsupportedYaml] = []
        self.root: Node | None = None
        self.documents = 0

    def compose(self) -> tuple[Node | None, list[UnsupportedYaml]]:
        for _ in range(MAX_EVENTS):
            event = self.next_event()
            kind = type(event)
            if kind is yaml.StreamEndEvent:
                return self.root, self.unsupported
            if kind is yaml.DocumentStartEvent:
                self.documents += 1
                self._compose_document(event)
        raise DocumentTooLarge("too many values for one deck", event.start_mark)

    def _compose_document(self, start: Any) -> None:
        root = self._compose_tree()
        if self.documents == 1:
            self.root = root
        elif self.documents == 2:
            self.unsupported.append(UnsupportedYaml("several-documents", "", position_of(start.start_mark)))

    def _compose_tree(self) -> Node:
        stack: list[Collection] = []
        next_event, children = self.next_event, None
        for _ in range(MAX_EVENTS):
            event = next_event()
            kind = type(event)
            if kind is Scalar:
                node: Any = event
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                closed: Any = stack.pop()
                closed.end_mark = event.end_mark
                if not stack:
                    return closed  # type: ignore[no-any-return]
                children = stack[-1].children
                continue
            elif kind is yaml.MappingStartEvent:
                node = Mapping(event)
            else:
                node = Sequence(event) if kind is yaml.SequenceStartEvent else event
            if event.anchor or (kind is not Alias and event.tag):
                self._add_unsupported(event)
            if children is not None:
                children.append(node)
            elif kind is Scalar or kind is Alias:
                return event  # type: ignore[no-any-return]
            if kind is not Scalar and kind is not Alias:
                stack.append(node)
                children = node.children
                if len(stack) > MAX_DEPTH:
                    raise DocumentTooLarge("nested too deeply for a deck", event.start_mark)
        raise DocumentTooLarge("too many values for one deck", event.start_mark)

    def _add_unsupported(self, event: Any) -> None:
        position = position_of(event.start_mark)
        if type(event) is Alias:
            self.unsupported.append(UnsupportedYaml("alias", f"*{event.anchor}", position))
            return
        if event.anchor:
            self.unsupported.append(UnsupportedYaml("alias", f"&{event.anchor}", position))
        if event.tag and event.tag not in CORE_TAGS and event.tag != "!":
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.unsupported.append(UnsupportedYaml("tag", tag, position))

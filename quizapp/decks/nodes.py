"""A YAML file as a tree that knows its places: every scalar is text, nothing is resolved or built.

The tree is made from parser events, because PyYAML's own composer recurses in C (deep nesting
ends the process) and follows aliases. Depth and size are bounded here; aliases are leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from quizapp.decks.card import Place

DEEPEST = 40
MOST_EVENTS = 400_000

CORE_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map"))


@dataclass(slots=True)
class Scalar:
    """Text, and how it was written: `style` is None for plain, or one of `'`, `"`, `|`, `>`."""

    value: str
    style: str | None
    start: Any
    end: Any


@dataclass(slots=True)
class Sequence:
    """A list."""

    items: list[Node]
    flow: bool
    start: Any
    end: Any = None


@dataclass(slots=True)
class Mapping:
    """A map as written: keys in order, repeated ones too."""

    pairs: list[tuple[Node, Node]]
    flow: bool
    start: Any
    end: Any = None


@dataclass(slots=True)
class Alias:
    """`*name`, which a deck may not hold."""

    start: Any
    end: Any


Node = Scalar | Sequence | Mapping | Alias


class TooMuch(Exception):
    """A file that is nested too deeply or has too many parts to be a deck."""

    def __init__(self, message: str, mark: Any) -> None:
        super().__init__(message)
        self.message = message
        self.mark = mark


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that YAML allows and decks do not: an alias, an anchor, a tag, a second document."""

    kind: str
    text: str
    place: Place


def place(mark: Any) -> Place:
    """A parser's mark as people count."""
    return Place(mark.line + 1, mark.column + 1)


def compose(text: str) -> tuple[Node | None, list[Oddity]]:
    """The tree of `text` (None for an empty file) and what decks may not hold; raises yaml.YAMLError, TooMuch."""
    return _Composer(text).compose()


class _Composer:
    """Builds the tree with a stack of its own."""

    def __init__(self, text: str) -> None:
        self.next: Callable[[], Any] = yaml.CBaseLoader(text).get_event
        self.oddities: list[Oddity] = []
        self.root: Node | None = None
        self.documents = 0

    def compose(self) -> tuple[Node | None, list[Oddity]]:
        for _ in range(MOST_EVENTS):
            event = self.next()
            kind = type(event)
            if kind is yaml.StreamEndEvent:
                return self.root, self.oddities
            if kind is yaml.DocumentStartEvent:
                self.documents += 1
                self._document(event)
        raise TooMuch("too many values for one deck", event.start_mark)

    def _document(self, start: Any) -> None:
        root = self._tree()
        if self.documents == 1:
            self.root = root
        elif self.documents == 2:
            self.oddities.append(Oddity("several-documents", "", place(start.start_mark)))

    def _tree(self) -> Node:
        """One document's tree. `pending` holds, per open map, the key that waits for its value."""
        open_nodes: list[Sequence | Mapping] = []
        pending: list[Node | None] = []
        for _ in range(MOST_EVENTS):
            event = self.next()
            kind = type(event)
            node: Node
            if kind is yaml.ScalarEvent:
                node = Scalar(event.value, event.style, event.start_mark, event.end_mark)
            elif kind is yaml.MappingStartEvent:
                node = Mapping([], event.flow_style, event.start_mark)
            elif kind is yaml.SequenceStartEvent:
                node = Sequence([], event.flow_style, event.start_mark)
            elif kind is yaml.AliasEvent:
                node = Alias(event.start_mark, event.end_mark)
                self.oddities.append(Oddity("alias", f"*{event.anchor}", place(event.start_mark)))
            elif kind is yaml.DocumentEndEvent:
                continue
            else:
                closed = open_nodes.pop()
                closed.end = event.end_mark
                pending.pop()
                if not open_nodes:
                    return closed
                continue
            if kind is not yaml.AliasEvent and (event.anchor or event.tag):
                self._odd(event)
            if open_nodes:
                parent = open_nodes[-1]
                if type(parent) is Sequence:
                    parent.items.append(node)
                elif (key := pending[-1]) is None:
                    pending[-1] = node
                else:
                    parent.pairs.append((key, node))  # type: ignore[union-attr]
                    pending[-1] = None
            if type(node) is Mapping or type(node) is Sequence:
                open_nodes.append(node)
                pending.append(None)
                if len(open_nodes) > DEEPEST:
                    raise TooMuch("nested too deeply for a deck", event.start_mark)
            elif not open_nodes:
                return node
        raise TooMuch("too many values for one deck", event.start_mark)

    def _odd(self, event: Any) -> None:
        if event.anchor:
            self.oddities.append(Oddity("alias", f"&{event.anchor}", place(event.start_mark)))
        if event.tag and event.tag not in CORE_TAGS and event.tag != "!":
            self.oddities.append(Oddity("tag", event.tag.replace("tag:yaml.org,2002:", "!!"), place(event.start_mark)))

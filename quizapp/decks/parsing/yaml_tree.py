"""A YAML file as a tree that knows its places: every scalar is text, nothing is resolved or built.

The tree is made from parser events, because PyYAML's own composer recurses in C (deep nesting
ends the process) and follows aliases. Depth and size are bounded here; aliases are leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from quizapp.decks.card import Position

DEEPEST = 40
MOST_EVENTS = 400_000

CORE_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map"))


if TYPE_CHECKING:

    class Scalar:
        """Text, and how it was written: `style` is empty for plain, or one of `'`, `"`, `|`, `>`."""

        value: str
        style: str
        start_mark: Any
        end_mark: Any

    class Alias:
        """`*name`, which a deck may not hold."""

        anchor: str
        start_mark: Any
        end_mark: Any
else:
    # The parser's own events: a second object for every scalar would cost a tenth of all reading.
    Scalar = yaml.ScalarEvent
    Alias = yaml.AliasEvent


class Collection:
    """What lists and maps have in common. `children` of a map are its keys and values by turns."""

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
    """A map as written: keys in order, repeated ones too."""

    __slots__ = ()

    @property
    def pairs(self) -> Iterator[tuple[Node, Node]]:
        return zip(self.children[::2], self.children[1::2], strict=True)


Node = Scalar | Alias | Sequence | Mapping


class DocumentTooLarge(Exception):
    """A file that is nested too deeply or has too many parts to be a deck."""

    def __init__(self, message: str, mark: Any) -> None:
        super().__init__(message)
        self.message = message
        self.mark = mark


@dataclass(frozen=True, slots=True)
class UnsupportedYaml:
    """Something that YAML allows and decks do not: an alias, an anchor, a tag, a second document."""

    kind: str
    text: str
    place: Position


def place(mark: Any) -> Position:
    """A parser's mark as people count."""
    return Position(mark.line + 1, mark.column + 1)


def compose(text: str) -> tuple[Node | None, list[UnsupportedYaml]]:
    """The tree of `text` (None for an empty file) and what decks may not hold; raises yaml.YAMLError, DocumentTooLarge."""
    return _Composer(text).compose()


class _Composer:
    """Builds the tree with a stack of its own."""

    def __init__(self, text: str) -> None:
        self.next: Callable[[], Any] = yaml.CBaseLoader(text).get_event
        self.oddities: list[UnsupportedYaml] = []
        self.root: Node | None = None
        self.documents = 0

    def compose(self) -> tuple[Node | None, list[UnsupportedYaml]]:
        for _ in range(MOST_EVENTS):
            event = self.next()
            kind = type(event)
            if kind is yaml.StreamEndEvent:
                return self.root, self.oddities
            if kind is yaml.DocumentStartEvent:
                self.documents += 1
                self._document(event)
        raise DocumentTooLarge("too many values for one deck", event.start_mark)

    def _document(self, start: Any) -> None:
        root = self._tree()
        if self.documents == 1:
            self.root = root
        elif self.documents == 2:
            self.oddities.append(UnsupportedYaml("several-documents", "", place(start.start_mark)))

    def _tree(self) -> Node:
        """One document's tree."""
        above: list[Collection] = []
        following, children = self.next, None
        for _ in range(MOST_EVENTS):
            event = following()
            kind = type(event)
            if kind is Scalar:
                node: Any = event
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                closed: Any = above.pop()
                closed.end_mark = event.end_mark
                if not above:
                    return closed  # type: ignore[no-any-return]
                children = above[-1].children
                continue
            elif kind is yaml.MappingStartEvent:
                node = Mapping(event)
            else:
                node = Sequence(event) if kind is yaml.SequenceStartEvent else event
            if event.anchor or (kind is not Alias and event.tag):
                self._odd(event)
            if children is not None:
                children.append(node)
            elif kind is Scalar:
                return event  # type: ignore[no-any-return]
            if kind is not Scalar and kind is not Alias:
                above.append(node)
                children = node.children
                if len(above) > DEEPEST:
                    raise DocumentTooLarge("nested too deeply for a deck", event.start_mark)
        raise DocumentTooLarge("too many values for one deck", event.start_mark)

    def _odd(self, event: Any) -> None:
        if type(event) is Alias:
            self.oddities.append(UnsupportedYaml("alias", f"*{event.anchor}", place(event.start_mark)))
            return
        if event.anchor:
            self.oddities.append(UnsupportedYaml("alias", f"&{event.anchor}", place(event.start_mark)))
        if event.tag and event.tag not in CORE_TAGS and event.tag != "!":
            self.oddities.append(
                UnsupportedYaml("tag", event.tag.replace("tag:yaml.org,2002:", "!!"), place(event.start_mark))
            )

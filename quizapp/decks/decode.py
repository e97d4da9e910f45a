"""Nodes -> values, by the field table alone; what one field cannot know (kinds, other cards) comes later."""

from __future__ import annotations

import re
from collections.abc import Callable
from keyword import iskeyword
from typing import Any

from quizapp.decks import data, expressions, fields, scalars
from quizapp.decks.card import Place
from quizapp.decks.code import Fault, Mode, all_good, fault
from quizapp.decks.fields import Field, Table, Type
from quizapp.decks.nodes import Alias, Mapping, Node, Scalar, Sequence, place
from quizapp.decks.places import WIDTH, Places, pack
from quizapp.decks.problems import Problems, did_you_mean, shown
from quizapp.decks.source import BLOCKS, Source
from quizapp.decks.trouble import quoted

MISSING: Any = object()
"""Stands for a value that could not be read; its problem has been told."""

SLUG = re.compile(fields.SLUG + r"\Z")
CARD_NAME = re.compile(fields.CARD_NAME + r"\Z")
NUMBER_WITH_UNIT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*[A-Za-z]+\Z")
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z")

Values = dict[str, Any]


class Decoder:
    """Reads the nodes of one file. `prefix` stands before every path in messages: `cards[3].`"""

    def __init__(self, source: Source, problems: Problems) -> None:
        self.source = source
        self.problems = problems
        self.prefix = ""
        self.packed: dict[str, int] = {}
        """Where each field stands, as `Places` keeps it."""

        self.nodes: dict[str, Scalar] = {}
        """Answers, to be compiled once the card's kind is known."""

        self.code: list[tuple[Scalar, str, Mode]] = []
        """Code of the card, to be compiled at its end, all at once."""

        self.incomplete: set[str] = set()
        """Lists of which not every entry could be read."""

        self.seen: dict[str, Node] = {}
        """The keys of the card itself, those too whose values could not be read."""

    def begin(self, prefix: str) -> None:
        """Start on another card."""
        self.prefix, self.packed, self.nodes, self.code = prefix, {}, {}, []
        self.incomplete.clear()

    @property
    def places(self) -> Places:
        """Where the fields read since `begin` stand."""
        return Places(self.packed)

    def tell(self, kind: str, node: Node, message: str, hint: str | None = None) -> Any:
        """Add a problem at a node; gives MISSING, so that a reader can return it."""
        self.problems.add(kind, place(node.start_mark), message, hint)
        return MISSING

    def map(self, node: Node, table: Table, path: str) -> Values:
        """A map with the fields of `table`; what is wrong with it is told, the rest is read."""
        values: Values = {}
        if type(node) is not Mapping:
            what = self._called(path)
            keys = ", ".join(f"`{name}:`" for name in table.required or table.names)
            self.tell("wrong-type", node, f"{what} is not a map", f"write {table.what} as keys and values: {keys}")
            return values
        seen: dict[str, Node] = {}
        if not path:
            self.seen = seen
        for key_node, value in node.pairs:
            if type(key_node) is Scalar and (key := key_node.value) not in seen:
                seen[key] = key_node
            elif self.key(key_node, seen) is None:
                continue
            field = table.index.get(key)
            if field is None:
                self._unknown(key, key_node, table)
                continue
            where = f"{path}.{key}" if path else key
            if type(value) is Scalar and not value.value and not value.style and field.type is not Type.DATA:
                if field.required and (self.prefix or path or not self.source.partial):
                    self.tell("empty", key_node, f"`{self.prefix}{where}` is empty", "write its value")
                continue
            got = self.items(value, field, where) if field.many else self.item(value, field, where)
            if got is not MISSING:
                values[key] = got
            else:
                self.incomplete.add(path.partition("[")[0])
        for name in table.required:
            if name not in seen and (self.prefix or path or not self.source.partial):
                self.tell("missing-key", node, f"{self._called(path)} has no `{name}`", f"add `{name}:`")
        return values

    def _called(self, path: str) -> str:
        return f"`{(self.prefix + path).rstrip('.')}`" if self.prefix or path else "the file"

    def key(self, node: Node, seen: dict[str, Node]) -> str | None:
        """A map's key; one that stands there twice is told."""
        if type(node) is Scalar and node.value not in seen:
            seen[node.value] = node
            return node.value
        if type(node) is not Scalar:
            self.tell("wrong-type", node, "a key is not a word", "write `key: value`, and quote what holds `: `")
            return None
        message = f"`{shown(node.value)}` is given twice, first on line {seen[node.value].start_mark.line + 1}"
        self.tell("duplicate-key", node, message, "keep one of the two")
        return None

    def _unknown(self, key: str, node: Node, table: Table) -> None:
        self.tell("unknown-key", node, f"`{shown(key)}` is not a field of {table.what}", did_you_mean(key, table.names))

    def items(self, node: Node, field: Field, path: str) -> Any:
        """The value of a field that is a list."""
        if type(node) is Sequence:
            if node.flow and field.table is not None and field.table.short:
                items = expressions.rejoined(node, field, self, path)
            else:
                items = [self.item(item, field, f"{path}[{index}]") for index, item in enumerate(node.children)]
            if MISSING in items or len(items) < len(node.children):
                self.incomplete.add(path)
                return [item for item in items if item is not MISSING]
            return items
        if field.lone and type(node) is Scalar:
            one = self.item(node, field, f"{path}[0]")
            return [one] if one is not MISSING else MISSING
        hint = "write each on a line that begins with `- `"
        if type(node) is Scalar and "\n" not in node.value:
            hint = f"write `[{self.source.slice(node)}]`, or " + hint
        return self.tell("wrong-type", node, f"`{self.prefix}{path}` is not a list", hint)

    def item(self, node: Node, field: Field, path: str) -> Any:
        """One value: a field's own, or an entry of its list."""
        mark = node.start_mark
        if type(node) is Scalar:
            if node.style in BLOCKS:
                self.packed[path] = pack(mark.line + 2, self.source.indent(node) + 1)
            else:
                self.packed[path] = (mark.line + 1 << WIDTH) + mark.column + 1
            return READERS[field.type](self, node, field, path)
        if type(node) is Alias:
            return MISSING
        if field.type is Type.MAP and field.table is not None:
            self.packed[path] = pack(mark.line + 1, mark.column + 1)
            if expressions.is_split(node, field.table, self.source):
                return expressions.tell_split(node, path, self)
            return self.map(node, field.table, path)
        if field.type is Type.DATA:
            return data.equals(node, path, self)
        if field.type is Type.CARDS and type(node) is Sequence:
            return node.children
        if field.type is Type.BY_NAME and type(node) is Mapping:
            return node
        if field.type is Type.EXPRESSION:
            return expressions.tell_split(node, path, self)
        return self._wrong_shape(node, field, path)

    def _wrong_shape(self, node: Node, field: Field, path: str) -> Any:
        found = "a list" if type(node) is Sequence else "a map"
        if field.type in (Type.CARDS, Type.BY_NAME):
            wanted = "a list" if field.type is Type.CARDS else "a map"
            return self.tell("wrong-type", node, f"`{path}` is {found}, not {wanted}", CONTAINERS[field.type])
        text = self.source.slice(node)
        hint = f"write one such as {NUMBERS[field.type][2]}" if field.type in NUMBERS else f"quote it: `{quoted(text)}`"
        if field.type is Type.FLAG:
            hint = "write `true` or `false`"
        return self.tell("wrong-type", node, f"`{self.prefix}{path}` is {found}, not {WORDS[field.type]}", hint)

    def settle(self) -> None:
        """Compile the code read since `begin`; what does not parse is told at its own line in the file."""
        if len(self.code) > 1 and all_good([(node.value, mode) for node, _, mode in self.code]):
            return
        for node, path, mode in self.code:
            self._compile(node, path, mode)

    def _compile(self, node: Scalar, path: str, mode: Mode) -> None:
        found = fault(node.value if mode == "exec" else node.value.strip(), mode)
        if found is None:
            return
        message = f"`{self.prefix}{path}` does not parse as Python: {found.message}"
        hint = expressions.advice(node, path, mode, self.source)
        self.problems.add("not-python", self._inside(node, found), message, hint)

    def _inside(self, node: Scalar, found: Fault) -> Place:
        """Where in the file a fault inside a scalar stands."""
        begin = self.source.begin(node)
        if node.style == "|":
            last = max(begin.line, node.end_mark.line)
            return Place(min(begin.line + found.line - 1, last), begin.column + found.column - 1)
        if node.style == ">" or node.start_mark.line != node.end_mark.line:
            return begin
        return Place(begin.line, begin.column + found.column - 1 + (1 if node.style else 0))


def _text(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    text = node.value
    if field.options and text not in field.options:
        message = f"`{decoder.prefix}{path}` is `{shown(text)}`"
        return decoder.tell("wrong-value", node, message, did_you_mean(text, field.options))
    if field.required and not text.strip():
        return decoder.tell("empty", node, f"`{decoder.prefix}{path}` is empty", "write its text")
    return text


def _slug(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    pattern, form = (CARD_NAME, "`id` or `deck/id`") if field.type is Type.CARD else (SLUG, "one such as `cat-rows`")
    if pattern.match(node.value):
        return node.value
    message = f"`{decoder.prefix}{path}` is not a name: `{shown(node.value)}`"
    return decoder.tell("bad-name", node, message, f"write {form}: small letters, digits and dashes")


def _name(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if DOTTED.match(node.value):
        return node.value
    message = f"`{decoder.prefix}{path}` is not the name of an exception: `{shown(node.value)}`"
    return decoder.tell("bad-name", node, message, "write its class name, such as `TypeError`")


def _code(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    decoder.code.append((node, path, "exec"))
    return node.value


def _answer(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    decoder.nodes[path] = node
    return node.value


def _expression(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if not node.value.strip():
        return decoder.tell("empty", node, f"`{decoder.prefix}{path}` is empty", "write an expression")
    text = node.value.strip()
    if not text.isidentifier() or iskeyword(text):
        decoder.code.append((node, path, "eval"))
    return text


def _number(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if field.type is Type.TOLERANCE and node.value == "auto":
        return "auto"
    read, words, example = NUMBERS[field.type]
    value = read(node.value) if not node.style else None
    if value is None:
        message = f"`{decoder.prefix}{path}` is not {words}: `{shown(node.value)}`"
        hint = f"write one such as {example}"
        if node.style and read(node.value) is not None:
            hint = "remove the quotes"
        elif field.type is not Type.SIZE and (alone := NUMBER_WITH_UNIT.match(node.value)):
            hint = f"write the number alone: `{alone.group(1)}`"
        return decoder.tell("wrong-type", node, message, hint)
    low = 0 if field.type is Type.TOLERANCE else field.low
    if (low is not None and value < low) or (field.high is not None and value > field.high):
        shape = scalars.in_bytes if field.type is Type.SIZE else "{:g}".format
        span = f"of {low:g} or more" if field.high is None else f"from {shape(low or 0)} to {shape(field.high)}"
        message = f"`{decoder.prefix}{path}` is out of range: `{shown(node.value)}`"
        return decoder.tell("out-of-range", node, message, f"choose a number {span}")
    return value


def _flag(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    value = scalars.flag(node.value) if not node.style else None
    if value is None:
        message = f"`{decoder.prefix}{path}` is neither true nor false: `{shown(node.value)}`"
        return decoder.tell("wrong-type", node, message, "write `true` or `false`, without quotes")
    return value


def _function(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if fault_of := expressions.not_a_function(node.value):
        message = f"`{decoder.prefix}{path}` {fault_of[0]}: `{shown(node.value)}`"
        return decoder.tell("bad-function", node, message, fault_of[1])
    return node.value


def _map(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    """A bare text in place of a map: its main field."""
    table = field.table
    if table is None or table.short is None:
        what = table.what if table else "a map"
        return decoder.tell(
            "wrong-type",
            node,
            f"`{decoder.prefix}{path}` is not a map: `{shown(node.value)}`",
            f"write {what} as keys and values",
        )
    short = table.index[table.short]
    got = READERS[short.type](decoder, node, short, f"{path}.{short.name}")
    decoder.packed[f"{path}.{short.name}"] = decoder.packed[path]
    return MISSING if got is MISSING else {table.short: got}


def _data(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    return data.equals(node, path, decoder)


def _no_scalar(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    wanted = "a list of cards" if field.type is Type.CARDS else "a map from card ids"
    return decoder.tell("wrong-type", node, f"`{path}` is not {wanted}: `{shown(node.value)}`", CONTAINERS[field.type])


Reader = Callable[[Decoder, Scalar, Field, str], Any]

NUMBERS: dict[Type, tuple[Callable[[str], Any], str, str]] = {
    Type.INTEGER: (scalars.integer, "a whole number", "`2`"),
    Type.NUMBER: (scalars.number, "a number", "`2` or `1e-5`"),
    Type.TOLERANCE: (scalars.number, "a number", "`1e-5`, or `auto`"),
    Type.SIZE: (scalars.size, "a size", "`512 MiB` or `64 KiB`"),
}

CONTAINERS = {
    Type.CARDS: "begin each card with `- id:`",
    Type.BY_NAME: "write each card's texts under its id",
}

WORDS = {
    Type.TEXT: "a text",
    Type.MARKDOWN: "a text",
    Type.SLUG: "a name",
    Type.CARD: "the name of a card",
    Type.CODE: "code",
    Type.ANSWER: "an answer",
    Type.NAME: "a name",
    Type.FUNCTION: "a name",
    Type.INTEGER: "a whole number",
    Type.NUMBER: "a number",
    Type.TOLERANCE: "a number",
    Type.FLAG: "true or false",
    Type.SIZE: "a size",
}

READERS: dict[Type, Reader] = {
    Type.TEXT: _text,
    Type.MARKDOWN: _text,
    Type.SLUG: _slug,
    Type.CARD: _slug,
    Type.CODE: _code,
    Type.ANSWER: _answer,
    Type.EXPRESSION: _expression,
    Type.NAME: _name,
    Type.FUNCTION: _function,
    Type.INTEGER: _number,
    Type.NUMBER: _number,
    Type.TOLERANCE: _number,
    Type.SIZE: _number,
    Type.FLAG: _flag,
    Type.DATA: _data,
    Type.MAP: _map,
    Type.CARDS: _no_scalar,
    Type.BY_NAME: _no_scalar,
}

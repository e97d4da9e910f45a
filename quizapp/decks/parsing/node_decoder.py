"""Nodes -> values, by the field table alone; what one field cannot know (kinds, other cards) comes later."""

from __future__ import annotations

from typing import Any

from quizapp.decks.card import Position
from quizapp.decks.fields import Field, Table, Type
from quizapp.decks.parsing import equals_literal, expressions
from quizapp.decks.parsing.positions import WIDTH, Places, pack
from quizapp.decks.parsing.python_syntax import CodeFault, Mode, all_good, fault
from quizapp.decks.parsing.scalar_readers import CONTAINERS, MISSING, NUMBERS, READERS, WORDS
from quizapp.decks.parsing.source import BLOCKS, DeckSource
from quizapp.decks.parsing.syntax_hints import quoted
from quizapp.decks.parsing.yaml_tree import Alias, Mapping, Node, Scalar, Sequence, place
from quizapp.decks.problems import Problems, did_you_mean, shown

Values = dict[str, Any]


class Decoder:
    """Reads the nodes of one file. `prefix` stands before every path in messages: `cards[3].`"""

    def __init__(self, source: DeckSource, problems: Problems) -> None:
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
            return equals_literal.equals(node, path, self)
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

    def _inside(self, node: Scalar, found: CodeFault) -> Position:
        """Where in the file a fault inside a scalar stands."""
        begin = self.source.begin(node)
        if node.style == "|":
            last = max(begin.line, node.end_mark.line)
            return Position(min(begin.line + found.line - 1, last), begin.column + found.column - 1)
        if node.style == ">" or node.start_mark.line != node.end_mark.line:
            return begin
        return Position(begin.line, begin.column + found.column - 1 + (1 if node.style else 0))

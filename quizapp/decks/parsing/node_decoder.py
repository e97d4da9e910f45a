"""Turns nodes into values by the table of fields; rules between fields and between cards are checked later."""

from __future__ import annotations

from typing import Any

from quizapp.decks.card import Position
from quizapp.decks.fields import Field, Table, Type
from quizapp.decks.parsing import equals_literal, expressions
from quizapp.decks.parsing.folded_code import folding_hint, is_folded_code
from quizapp.decks.parsing.line_faults import FULL_WIDTH_COLON
from quizapp.decks.parsing.python_syntax import CodeFault, Mode, find_fault
from quizapp.decks.parsing.quoting import quoted
from quizapp.decks.parsing.scalar_readers import CONTAINER_HINTS, INVALID, NUMBERS, READERS, TYPE_NAMES
from quizapp.decks.parsing.source import DeckSource
from quizapp.decks.parsing.yaml_tree import Alias, Mapping, Node, Scalar, Sequence, position_of
from quizapp.decks.problems import Problems, as_code, did_you_mean, nearest_key, shorten, write_key

Values = dict[str, Any]


class Decoder:
    """Reads the nodes of one file. `prefix` precedes every path in messages: `cards[3].`"""

    def __init__(self, source: DeckSource, problems: Problems) -> None:
        self.source = source
        self.problems = problems
        self.prefix = ""
        self.positions: dict[str, Position] = {}
        """Path of each field read since `start_card` -> position."""

        self.answers: dict[str, Scalar] = {}
        """Path -> answer, to be compiled once the kind of the card is known."""

        self.code: list[tuple[Scalar, str, Mode]] = []
        """Code of the card, to be compiled by `check_code`."""

        self.incomplete: set[str] = set()
        """Lists with entries that could not be read."""

        self.seen: dict[str, Node] = {}
        """The keys of the card itself, including those whose values could not be read."""

    def start_card(self, prefix: str) -> None:
        """Forget the fields of the previous card."""
        self.prefix, self.positions, self.answers, self.code = prefix, {}, {}, []
        self.incomplete.clear()

    def add_problem(self, kind: str, node: Node, message: str, hint: str | None = None) -> Any:
        """Add a problem at a node; return INVALID, so that a reader can return it."""
        self.problems.add(kind, position_of(node.start_mark), message, hint)
        return INVALID

    def read_map(self, node: Node, table: Table, path: str) -> Values:
        """Return the valid fields of a map."""
        values: Values = {}
        if type(node) is Alias:
            return values
        if type(node) is not Mapping:
            keys = ", ".join(f"`{name}:`" for name in table.required or table.names)
            hint = f"write {table.what} as keys and values: {keys}"
            self.add_problem("wrong-type", node, f"{self._name_of(path)} is not a map", hint)
            return values
        seen: dict[str, Node] = {}
        meant: dict[str, Node] = {}
        if not path:
            self.seen = seen
        for key_node, value_node in node.pairs:
            key = self.read_key(key_node, seen)
            if key is None:
                continue
            field = table.index.get(key)
            if field is None:
                meant[self._report_unknown_key(key, key_node, table) or ""] = key_node
                continue
            value = self._read_field(key_node, value_node, field, f"{path}.{key}" if path else key)
            if value is not INVALID:
                values[key] = value
        # A field whose name is misspelt is not missing too.
        seen.update({name: key for name, key in meant.items() if name not in seen})
        for name in table.required:
            if name not in seen:
                self.add_problem("missing-key", node, f"{self._name_of(path)} has no `{name}`", f"add `{name}:`")
        return values

    def read_key(self, node: Node, seen: dict[str, Node]) -> str | None:
        """Return a map's key and add it to `seen`, or report why it is none or a repeated one."""
        if type(node) is not Scalar:
            hint = "write `key: value`, and quote text that contains `: `"
            self.add_problem("wrong-type", node, "a key is a list or a map", hint)
            return None
        if node.value in seen:
            first = seen[node.value].start_mark.line + 1
            message = f"{as_code(shorten(node.value))} is given twice, first on line {first}"
            self.add_problem("duplicate-key", node, message, "keep one of the two")
            return None
        seen[node.value] = node
        return node.value

    def _report_unknown_key(self, key: str, node: Node, table: Table) -> str | None:
        """Add the problem of a key that is no field; return the field that was meant, if one is similar."""
        name, colon, value = key.partition(FULL_WIDTH_COLON)
        if colon and name.strip() in table.index:
            message = f"a full-width colon after the key `{name.strip()}`"
            self.add_problem("unknown-key", node, message, write_key(name.strip(), value))
            return name.strip()
        if key.strip() in table.index:
            message = f"an unusual space in the key `{key.strip()}`"
            self.add_problem("unknown-key", node, message, f"write `{key.strip()}:`, without it")
            return key.strip()
        message = f"{as_code(shorten(key))} is not a field of {table.what}"
        self.add_problem("unknown-key", node, message, did_you_mean(key, table.names))
        return nearest_key(key, table.names)

    def _read_field(self, key_node: Node, node: Node, field: Field, path: str) -> Any:
        if type(node) is Scalar and not node.value and not node.style and field.type is not Type.DATA:
            if field.required and not node.anchor:
                self.add_problem("empty", key_node, f"`{self.prefix}{path}` is empty", "write its value")
            return INVALID
        value = self._read_list(node, field, path) if field.many else self.read_item(node, field, path)
        if value is INVALID:
            self.incomplete.add(path.partition("[")[0])
        return value

    def _name_of(self, path: str) -> str:
        return f"`{(self.prefix + path).rstrip('.')}`" if self.prefix or path else "the file"

    def _read_list(self, node: Node, field: Field, path: str) -> Any:
        if type(node) is Sequence:
            if node.flow and field.table is not None and field.table.short:
                items = expressions.read_flow_list(node, field, self, path)
            else:
                items = [self.read_item(item, field, f"{path}[{index}]") for index, item in enumerate(node.children)]
            if INVALID in items or len(items) < len(node.children):
                self.incomplete.add(path)
                return [item for item in items if item is not INVALID]
            return items
        if field.lone and type(node) is Scalar:
            item = self.read_item(node, field, f"{path}[0]")
            return [item] if item is not INVALID else INVALID
        hint = "write each on a line that begins with `- `"
        if type(node) is Scalar and "\n" not in node.value:
            hint = f"write `[{self.source.text_of(node)}]`, or {hint}"
        return self.add_problem("wrong-type", node, f"`{self.prefix}{path}` is not a list", hint)

    def read_item(self, node: Node, field: Field, path: str) -> Any:
        """Return the value of a field, or of one entry of its list."""
        if type(node) is Alias or (type(node) is Scalar and node.anchor):
            # Reported when the tree was made; what YAML makes of the rest of the value may be wrong.
            return INVALID
        if type(node) is Scalar:
            self.positions[path] = self.source.text_start(node)
            return READERS[field.type](self, node, field, path)
        if field.type is Type.MAP and field.table is not None:
            self.positions[path] = position_of(node.start_mark)
            if expressions.is_split(node, field.table, self.source):
                return expressions.add_split(node, path, self)
            return self.read_map(node, field.table, path)
        if field.type is Type.DATA:
            return equals_literal.read_equals(node, path, self)
        if field.type is Type.CARDS and type(node) is Sequence:
            return node.children
        if field.type is Type.BY_NAME and type(node) is Mapping:
            return node
        if field.type is Type.EXPRESSION:
            return expressions.add_split(node, path, self)
        return self._reject_collection(node, field, path)

    def _reject_collection(self, node: Node, field: Field, path: str) -> Any:
        found = "a list" if type(node) is Sequence else "a map"
        if field.type in (Type.CARDS, Type.BY_NAME):
            expected = "a list" if field.type is Type.CARDS else "a map"
            return self.add_problem(
                "wrong-type", node, f"`{path}` is {found}, not {expected}", CONTAINER_HINTS[field.type]
            )
        if field.type is Type.FLAG:
            hint = "write `true` or `false`"
        elif field.type in NUMBERS:
            hint = f"write a value such as {NUMBERS[field.type][2]}"
        else:
            hint = f"quote it: {as_code(quoted(self.source.text_of(node)))}"
        message = f"`{self.prefix}{path}` is {found}, not {TYPE_NAMES[field.type]}"
        return self.add_problem("wrong-type", node, message, hint)

    def check_code(self) -> None:
        """Compile the code read since `start_card`, and report faults at their own lines in the file."""
        for node, path, mode in self.code:
            if is_folded_code(node, mode, self.source):
                message = f"`{self.prefix}{path}` is code whose lines YAML joins into one"
                self.add_problem("folded-code", node, message, folding_hint(node))
                continue
            fault = find_fault(node.value if mode == "exec" else node.value.strip(), mode)
            if fault is not None:
                message = f"`{self.prefix}{path}` is not valid Python: {fault.message}"
                hint = expressions.code_hint(node, path, mode, self.source, fault)
                self.problems.add("not-python", self._position_of_fault(node, fault), message, hint)

    def _position_of_fault(self, node: Scalar, fault: CodeFault) -> Position:
        start = self.source.text_start(node)
        if node.style == "|":
            last = max(start.line, node.end_mark.line)
            return Position(min(start.line + fault.line - 1, last), start.column + fault.column - 1)
        if node.style == ">" or node.start_mark.line != node.end_mark.line:
            return start
        return Position(start.line, start.column + fault.column - 1 + (1 if node.style else 0))

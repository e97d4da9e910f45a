"""Expressions that YAML has split, cut or turned into lists and maps; the way out is always to quote them."""

from __future__ import annotations

import builtins
import keyword
import re
from typing import TYPE_CHECKING, Any, Literal

from quizapp.decks.fields import CONSTRUCTS, FUNCTION_NAME, Field, Table, Type
from quizapp.decks.parsing.python_syntax import fault
from quizapp.decks.parsing.source import DeckSource
from quizapp.decks.parsing.syntax_hints import KEY_OR_DASH, quoted
from quizapp.decks.parsing.yaml_tree import Mapping, Node, Scalar, Sequence
from quizapp.decks.problems import nearest, shown

if TYPE_CHECKING:
    from quizapp.decks.parsing.node_decoder import Decoder

FUNCTION = re.compile(f"(?:{FUNCTION_NAME})\\Z")
LONGEST_ADVICE = 400


def rejoined(node: Sequence, field: Field, decoder: Decoder, path: str) -> list[Any]:
    """The entries of a list, read one by one; expressions that commas have cut are told once, whole."""
    short = field.table.index[field.table.short] if field.table and field.table.short else field
    if not node.flow or short.type is not Type.EXPRESSION:
        return [decoder.item(item, field, f"{path}[{index}]") for index, item in enumerate(node.children)]
    items, got, index = node.children, [], 0
    while index < len(items):
        end = _cut(items, index, decoder.source)
        if end > index:
            text = _between(items[index], items[end], decoder.source)
            message = f"`{decoder.prefix}{path}[{index}]` is cut at its comma by YAML: `{shown(text)}`"
            decoder.tell("split-expression", items[index], message, f"quote it: `{quoted(text)}`")
        else:
            got.append(decoder.item(items[index], field, f"{path}[{index}]"))
        index = end + 1
    return got


def _cut(items: list[Node], start: int, source: DeckSource) -> int:
    """The last entry of the expression that begins at `start`: `start` itself where nothing was cut."""
    first = items[start]
    if type(first) is not Scalar or first.style or not _open(first.value):
        return start
    for end in range(start + 1, min(start + 9, len(items))):
        if items[end].end_mark.line != first.start_mark.line:
            break
        if fault(_between(first, items[end], source), "eval") is None:
            return end
    return start


def _open(text: str) -> bool:
    """Whether brackets are opened that are not closed, as they are where a comma has cut."""
    return any(text.count(left) > text.count(right) for left, right in ("()", "[]", "{}"))


def _between(first: Node, last: Node, source: DeckSource) -> str:
    return source.line(first.start_mark.line + 1)[first.start_mark.column : last.end_mark.column].strip()


def is_split(node: Node, table: Table, source: DeckSource) -> bool:
    """Whether a list or map stands where an expression was meant: `[a, b]`, `{'a': 1}`, `x[1: 2]`."""
    if table.short is None or table.index[table.short].type is not Type.EXPRESSION:
        return False
    if type(node) is not Mapping:
        return True
    if any(
        type(key) is Scalar and (key.value in table.index or nearest(key.value, table.names)) for key, _ in node.pairs
    ):
        return False
    return fault(source.slice(node), "eval") is None


def tell_split(node: Node, path: str, decoder: Decoder) -> Any:
    """Say that an expression has become a list or a map."""
    found = "a list" if type(node) is Sequence else "a map"
    text = decoder.source.slice(node)
    message = f"`{decoder.prefix}{path}` is {found} to YAML, not an expression: `{shown(text)}`"
    return decoder.tell("split-expression", node, message, f"quote it: `{quoted(text)}`")


def advice(node: Scalar, path: str, mode: Literal["exec", "eval"], source: DeckSource) -> str | None:
    """The way out for code that does not parse."""
    if not node.style:
        line = source.line(node.start_mark.line + 1)[node.start_mark.column :].strip()
        rest = KEY_OR_DASH.match(line).group(2) if line else ""  # type: ignore[union-attr]
        for text in (line, rest):
            if text != node.value and len(text) <= LONGEST_ADVICE and fault(text, mode) is None:
                return f"YAML has cut it; quote it: `{quoted(text)}`"
    if mode == "eval" and fault(node.value.strip()) is None:
        return "an expression is meant: put statements into `run:`, and what they give into `see:`"
    if path == "starter":
        return "where the learner fills in, write `...`"
    if mode == "exec":
        return "each field must be Python by itself: `given`, answers and checks are compiled one by one"
    return "write one expression, in quotes if it holds `: ` or ` #`"


def not_a_function(name: str) -> tuple[str, str] | None:
    """What is wrong with a name in `forbid` or `require`, and the way out; None for a good one."""
    if name in CONSTRUCTS:
        return None
    constructs = ", ".join(f"`{word}`" for word in CONSTRUCTS)
    if keyword.iskeyword(name):
        return "is not a construct that can be forbidden or required", f"choose one of: {constructs}"
    if not FUNCTION.match(name):
        return "is not a name", "write one such as `torch.softmax`, `.softmax`, `aten::add` or `for`"
    return None


def is_nobodys(name: str, program: str) -> str | None:
    """The way out for a bare name that is no construct, no builtin and nothing in `program`; None for a good one."""
    if "." in name or ":" in name or name in CONSTRUCTS or hasattr(builtins, name):
        return None
    if re.search(rf"\b{re.escape(name)}\b", program):
        return None
    near = nearest(name, CONSTRUCTS)
    return f"did you mean `{near}`?" if near else f"write its full name, such as `torch.{name}`; `.{name}` is a method"

"""Expressions that YAML splits, cuts off or reads as lists and maps, and names in `forbid` and `require`."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from quizapp.decks.fields import CONSTRUCTS, FIELD_NAMES, FUNCTION_NAME, RULE_GROUPS, Field, Table, Type
from quizapp.decks.parsing.line_faults import FENCE, FENCE_NAMES, FULL_WIDTH_COLON
from quizapp.decks.parsing.python_syntax import CodeFault, Mode, find_fault
from quizapp.decks.parsing.quoting import quoted, value_on
from quizapp.decks.parsing.source import DeckSource
from quizapp.decks.parsing.yaml_tree import Mapping, Node, Scalar, Sequence
from quizapp.decks.problems import as_code, nearest, shorten, write_key

if TYPE_CHECKING:
    from quizapp.decks.parsing.node_decoder import Decoder

FUNCTION = re.compile(f"(?:{FUNCTION_NAME})\\Z")
CODE_POINT = re.compile(r"^invalid (?:non-printable )?character .*U\+([0-9A-F]{4,6})")
LOOKALIKES = {"‘": "'", "’": "'", "“": '"', "”": '"', "−": "-", "–": "-", "—": "-", "。": ".", "、": ",", "×": "*"}
"""Characters that are not equivalent to the ASCII character for which they are typed."""

MAX_QUOTED = 400
"""Characters of code that a hint may quote."""


def read_flow_list(node: Sequence, field: Field, decoder: Decoder, path: str) -> list[Any]:
    """Return the entries of a list; an expression that YAML has split at its commas is reported once, as a whole."""
    short = field.table.index[field.table.short] if field.table and field.table.short else field
    if not node.flow or short.type is not Type.EXPRESSION:
        return [decoder.read_item(item, field, f"{path}[{index}]") for index, item in enumerate(node.children)]
    items, values, index = node.children, [], 0
    while index < len(items):
        end = _end_of_split(items, index, decoder.source)
        if end > index:
            text = _text_between(items[index], items[end], decoder.source)
            message = f"`{decoder.prefix}{path}[{index}]` is split at its comma by YAML: {as_code(shorten(text))}"
            decoder.add_problem("split-expression", items[index], message, f"quote it: {as_code(quoted(text))}")
        else:
            values.append(decoder.read_item(items[index], field, f"{path}[{index}]"))
        index = end + 1
    return values


def _end_of_split(items: list[Node], start: int, source: DeckSource) -> int:
    """Return the index of the last part of the expression that begins at `start`; `start` if it is not split."""
    first = items[start]
    if type(first) is not Scalar or first.style or not _has_open_bracket(first.value):
        return start
    for end in range(start + 1, min(start + 9, len(items))):
        if items[end].end_mark.line != first.start_mark.line:
            break
        if find_fault(_text_between(first, items[end], source), "eval") is None:
            return end
    return start


def _has_open_bracket(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in ("()", "[]", "{}"))


def _text_between(first: Node, last: Node, source: DeckSource) -> str:
    return source.line(first.start_mark.line + 1)[first.start_mark.column : last.end_mark.column].strip()


def is_split(node: Node, table: Table, source: DeckSource) -> bool:
    """Return whether a list or map is meant as an expression: `[a, b]`, `{'a': 1}`, `x[1: 2]`."""
    if table.short is None or table.index[table.short].type is not Type.EXPRESSION:
        return False
    if type(node) is not Mapping:
        return True
    if any(
        type(key) is Scalar and (key.value in table.index or nearest(key.value, table.names)) for key, _ in node.pairs
    ):
        return False
    return find_fault(source.text_of(node), "eval") is None


def add_split(node: Node, path: str, decoder: Decoder) -> Any:
    """Report an expression that YAML reads as a list or a map."""
    found = "a list" if type(node) is Sequence else "a map"
    text = decoder.source.text_of(node)
    message = f"`{decoder.prefix}{path}` is {found} in YAML, not an expression: {as_code(shorten(text))}"
    return decoder.add_problem("split-expression", node, message, f"quote it: {as_code(quoted(text))}")


def code_hint(node: Scalar, path: str, mode: Mode, source: DeckSource, fault: CodeFault) -> str:
    """Return the hint for code that is not valid Python because of `fault`."""
    if FENCE.match(first_line := node.value.strip().split("\n")[0]):
        return f"remove the lines that begin with {FENCE_NAMES[first_line[0]]}"
    if hint := _character_hint(node.value, fault):
        return hint
    if not node.style:
        line = source.line(node.start_mark.line + 1)[node.start_mark.column :].strip()
        for text in (line, value_on(line)):
            if text != node.value and 0 < len(text) <= MAX_QUOTED and find_fault(text, mode) is None:
                return f"YAML reads only a part of it; quote it: {as_code(quoted(text))}"
    if mode == "eval" and find_fault(node.value.strip()) is None:
        return "write one expression here, and put statements into `run:`"
    if path == "starter":
        return "write `...` for what the learner fills in"
    if mode == "exec":
        return "each field must be valid Python by itself: `given`, answers and checks are compiled separately"
    return "write one expression, in quotes if it contains `: ` or ` #`"


def _character_hint(code: str, fault: CodeFault) -> str | None:
    """Return what to write instead of a character that Python does not allow outside strings."""
    match = CODE_POINT.search(fault.message)
    if match is None:
        return None
    key, colon, value = code.partition(FULL_WIDTH_COLON)
    if colon and key in FIELD_NAMES:
        return write_key(key, value)
    character = chr(int(match[1], 16))
    plain = LOOKALIKES.get(character) or unicodedata.normalize("NFKC", character)
    if plain == " ":
        return "replace it with a plain space"
    return f"write `{plain}`" if plain.isascii() and plain.isprintable() else "remove it, or put it into a string"


def function_name_problem(name: str) -> tuple[str, str] | None:
    """Return what is wrong with a name in `forbid` or `require`, and a hint; None for a valid name."""
    if name in CONSTRUCTS:
        return None
    constructs = ", ".join(f"`{word}`" for word in CONSTRUCTS)
    if keyword.iskeyword(name):
        return "is not a construct that can be forbidden or required", f"choose one of: {constructs}"
    if not FUNCTION.match(name):
        return "is not a name", "write a name such as `torch.softmax`, `.softmax`, `aten::add` or `for`"
    return None


def bare_name_hint(name: str, program: str) -> str | None:
    """Return a hint for a bare name that is no construct, no builtin and does not occur in `program`, else None."""
    if "." in name or ":" in name or name in (*CONSTRUCTS, *RULE_GROUPS) or hasattr(builtins, name):
        return None
    if re.search(rf"\b{re.escape(name)}\b", program):
        return None
    near = nearest(name, (*CONSTRUCTS, *RULE_GROUPS))
    return f"did you mean `{near}`?" if near else f"write its full name, such as `torch.{name}`; `.{name}` is a method"

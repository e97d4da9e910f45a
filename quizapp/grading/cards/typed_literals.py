"""Typed literals: text -> a small tree of scalars, containers, names and calls. Nothing is evaluated."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from quizapp.grading.cards.spellings import CONSTANTS

MAX_DEPTH = 64
"""Levels of the syntax tree; a deeper one is text."""

PRINTED_DIGITS = 4
"""Decimal places with which torch prints a float: `precision` of `torch.set_printoptions`."""

MODULES = ("torch.", "np.", "numpy.", "math.")

FLOATS = {"nan": math.nan, "NaN": math.nan, "inf": math.inf, "infinity": math.inf}

CONTAINER_CALLS = frozenset({"Size", "tensor", "array", "list", "tuple"})
"""Calls that a deck may write as the list that they contain."""

Form = Literal[
    "none", "bool", "int", "float", "complex", "bytes", "text", "list", "tuple", "set", "dict", "name", "call"
]


@dataclass(frozen=True, slots=True)
class Typed:
    """One node of a parsed prediction."""

    form: Form
    data: Any
    """The scalar; a tuple of nodes; pairs of nodes for a dict; a dotted name; or (name, nodes) for a call."""

    keywords: tuple[tuple[str, Typed], ...] = ()
    bare: bool = field(default=False, compare=False)
    """Whether the items have no brackets: `2, 3`."""

    rounding: float = field(default=0.0, compare=False)
    """Half a unit of a float's last digit, if it has as many decimal places as torch prints; else 0."""


class _NotLiteral(ValueError):
    """The text is Python, but not a literal."""


def constant(typed: Typed) -> Typed:
    """Return True, False or None for their names in lower case, as in other languages; else `typed`."""
    if typed.form != "name" or typed.data not in CONSTANTS:
        return typed
    value = CONSTANTS[typed.data]
    return Typed("none" if value is None else "bool", value)


def read_literal(text: str) -> Typed | None:
    """Return the parsed text; None if it is not a literal."""
    try:
        with warnings.catch_warnings():
            # Python warns about text such as `"\\d"`, which learners may type.
            warnings.simplefilter("ignore")
            return _read(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def has_names(typed: Typed) -> bool:
    """Return whether an item, at any depth of lists and tuples, is a name other than a constant's."""
    if typed.form in ("list", "tuple"):
        return any(map(has_names, typed.data))
    return constant(typed).form == "name"


def value_key(typed: Typed) -> Any:
    """Return what readings of one value share: a list and a tuple of the same items are one value, 2 and 2.0 too."""
    typed = constant(typed)
    match typed.form:
        case "list" | "tuple":
            return ("items", tuple(map(value_key, typed.data)))
        case "set":
            return ("set", frozenset(map(value_key, typed.data)))
        case "dict":
            return ("dict", frozenset((value_key(key), value_key(item)) for key, item in typed.data))
        case "int" | "float":
            return ("number", typed.data)
        case "call":
            name, arguments = typed.data
            if name in CONTAINER_CALLS and len(arguments) == 1:
                return value_key(arguments[0])
            keywords = frozenset((keyword, value_key(item)) for keyword, item in typed.keywords)
            return ("call", name, tuple(map(value_key, arguments)), keywords)
    return (typed.form, typed.data)


def _read(text: str) -> Typed:
    source = text.strip()
    tree = ast.parse(source, mode="eval")
    if _depth(tree.body) > MAX_DEPTH:
        raise _NotLiteral("nested too deeply")
    typed = _node(tree.body, [line.encode() for line in source.splitlines()])
    return replace(typed, bare=typed.form == "tuple" and _is_bare(tree.body, source))


def _is_bare(root: ast.expr, source: str) -> bool:
    """Return whether a tuple is written without brackets: in `[…]`, its items are those of the list."""
    listed = ast.parse(f"[{source}\n]", mode="eval").body
    assert isinstance(root, ast.Tuple) and isinstance(listed, ast.List)
    return list(map(ast.dump, root.elts)) == list(map(ast.dump, listed.elts))


def _depth(root: ast.AST) -> int:
    """Return the number of levels of the tree; not recursive, because the tree may be deep."""
    level, deepest = [root], 0
    while level and deepest <= MAX_DEPTH:
        deepest += 1
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return deepest


def _node(node: ast.expr, lines: list[bytes]) -> Typed:
    match node:
        case ast.Constant(value=value):
            return _constant(node, value, lines)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _signed(_node(operand, lines), negative=isinstance(node.op, ast.USub))
        case ast.BinOp(op=ast.Add() | ast.Sub(), left=left, right=ast.Constant(value=complex() as imaginary)):
            real = _node(left, lines)
            if real.form in ("int", "float"):
                sign = 1 if isinstance(node.op, ast.Add) else -1
                return Typed("complex", real.data + sign * imaginary)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            form: Form = "list" if isinstance(node, ast.List) else "tuple" if isinstance(node, ast.Tuple) else "set"
            return Typed(form, tuple(_node(part, lines) for part in parts))
        case ast.Dict(keys=keys, values=values) if all(keys):
            pairs = zip(filter(None, keys), values, strict=True)
            return Typed("dict", tuple((_node(key, lines), _node(value, lines)) for key, value in pairs))
        case ast.Call():
            return _call(node, lines)
        case ast.Name() | ast.Attribute():
            return _named(_dotted(node))
    raise _NotLiteral("not a literal")


def _constant(node: ast.Constant, value: object, lines: list[bytes]) -> Typed:
    if value is None:
        return Typed("none", None)
    if isinstance(value, float):
        written = lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode()
        return Typed("float", value, rounding=_rounding(written.lower().replace("_", "")))
    if isinstance(value, str):
        return Typed("text", value)
    if isinstance(value, bool | int | complex | bytes):
        forms: dict[type, Form] = {bool: "bool", int: "int", complex: "complex", bytes: "bytes"}
        return Typed(forms[type(value)], value)
    raise _NotLiteral("not a literal")


def _rounding(written: str) -> float:
    """Return half a unit of the last digit of a float literal; 0 for fewer than four decimal places."""
    mantissa, _, exponent = written.partition("e")
    digits = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (int(exponent or 0) - digits) if digits >= PRINTED_DIGITS else 0.0


def _signed(number: Typed, *, negative: bool) -> Typed:
    if number.form not in ("int", "float", "complex"):
        raise _NotLiteral("a sign before something that is not a number")
    return Typed(number.form, -number.data if negative else number.data, rounding=number.rounding)


def _call(node: ast.Call, lines: list[bytes]) -> Typed:
    name = _without_module(_dotted(node.func))
    arguments = tuple(_node(part, lines) for part in node.args)
    keywords = tuple((part.arg, _node(part.value, lines)) for part in node.keywords if part.arg)
    if len(keywords) != len(node.keywords):
        raise _NotLiteral("a call that unpacks")
    if name == "float" and len(arguments) == 1 and arguments[0].form == "text":
        number = float(arguments[0].data)
        # Always the same NaN object, so that equal predictions compare equal.
        return Typed("float", math.nan if math.isnan(number) else number)
    if name == "set" and not arguments:
        return Typed("set", ())
    return Typed("call", (name, arguments), keywords)


def _dotted(node: ast.expr) -> str:
    return ".".join(reversed(list(_parts(node))))


def _parts(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute):
        yield node.attr
        node = node.value
    if not isinstance(node, ast.Name):
        raise _NotLiteral("not a name")
    yield node.id


def _named(name: str) -> Typed:
    bare = _without_module(name)
    return Typed("float", FLOATS[bare]) if bare in FLOATS else Typed("name", bare)


def _without_module(name: str) -> str:
    """Return `float32` for `torch.float32`."""
    return next((name.removeprefix(module) for module in MODULES if name.startswith(module)), name)

"""What a learner typed as a prediction, read and never evaluated.

A prediction is a small tree: literals, names such as `torch.float32`, and calls such as `tensor([1, 2])`
that are only looked at. What reads as nothing of the kind is text.
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

LONGEST = 64 << 10
"""Characters that are read; more is text, and cut."""

DEEPEST = 64
"""Brackets within brackets."""

PRINTED_DIGITS = 4
"""Digits behind the point with which torch prints a float."""

MODULES = ("torch.", "np.", "numpy.", "math.")

FLOATS = {"nan": math.nan, "NaN": math.nan, "inf": math.inf, "infinity": math.inf}

Form = Literal[
    "none", "bool", "int", "float", "complex", "bytes", "text", "list", "tuple", "set", "dict", "name", "call"
]


@dataclass(frozen=True, slots=True)
class Typed:
    """One node of what was typed."""

    form: Form
    data: Any
    """The scalar; a tuple of nodes; pairs of nodes for a dict; a dotted name; (name, nodes) for a call."""

    keywords: tuple[tuple[str, Typed], ...] = ()
    bare: bool = field(default=False, compare=False)
    """Items without brackets, as many write a list."""

    grain: float = field(default=0.0, compare=False)
    """Half a unit of a float's last digit, where as many are typed as torch prints; else 0."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """One typed prediction, in both of its readings."""

    typed: Typed
    text: str = field(compare=False)
    """As it stands, trailing blanks and trailing empty lines removed."""

    @property
    def readings(self) -> tuple[Typed, ...]:
        """What was typed, and as a list where the brackets were left out."""
        return (self.typed, replace(self.typed, form="list")) if self.typed.bare else (self.typed,)


class _Unreadable(ValueError):
    """Python, but no literal."""


def parse(text: str) -> Prediction:
    """Read what was typed. Never fails: what is no literal is text."""
    bare = without_trailing_blanks(text[:LONGEST])
    try:
        with warnings.catch_warnings():
            # Python warns of text such as `"\\d"`, which is the learner's to write.
            warnings.simplefilter("ignore")
            typed = _read(bare)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        typed = Typed("text", bare)
    return Prediction(typed, bare)


def without_trailing_blanks(text: str) -> str:
    """`text` without blanks at the ends of lines and without empty lines at its end."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")


def words(prediction: Prediction) -> str:
    """How the prediction is read, for a learner who is still typing."""
    typed = prediction.typed
    if not prediction.text:
        return "nothing yet"
    if typed.form in ("list", "tuple", "set", "dict"):
        count = len(typed.data)
        items = f"{count} item{'' if count == 1 else 's'}"
        return items if typed.bare else f"a {typed.form} of {items}"
    if typed.form == "call":
        return f"a {typed.data[0].rpartition('.')[2]}"
    names = {"none": "None", "name": f"the name `{typed.data}`", "int": "an int", "bytes": "bytes", "text": "text"}
    return names.get(typed.form, f"a {typed.form}")


def _read(text: str) -> Typed:
    source = text.strip()
    tree = ast.parse(source, mode="eval")
    if _depth(tree.body) > DEEPEST:
        raise _Unreadable("nested too deeply")
    typed = _node(tree.body, [line.encode() for line in source.splitlines()])
    return replace(typed, bare=typed.form == "tuple" and _is_bare(tree.body, source))


def _is_bare(root: ast.expr, source: str) -> bool:
    """Whether a tuple has no brackets of its own: in square ones, its items are then the list's."""
    listed = ast.parse(f"[{source}\n]", mode="eval").body
    assert isinstance(root, ast.Tuple) and isinstance(listed, ast.List)
    return list(map(ast.dump, root.elts)) == list(map(ast.dump, listed.elts))


def _depth(root: ast.AST) -> int:
    """Levels of the tree, counted without recursion."""
    level, deepest = [root], 0
    while level and deepest <= DEEPEST:
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
    raise _Unreadable("no literal")


def _constant(node: ast.Constant, value: object, lines: list[bytes]) -> Typed:
    if value is None:
        return Typed("none", None)
    if isinstance(value, float):
        written = lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode()
        return Typed("float", value, grain=_grain(written.lower().replace("_", "")))
    if isinstance(value, str):
        return Typed("text", value)
    if isinstance(value, bool | int | complex | bytes):
        forms: dict[type, Form] = {bool: "bool", int: "int", complex: "complex", bytes: "bytes"}
        return Typed(forms[type(value)], value)
    raise _Unreadable("no literal")


def _grain(written: str) -> float:
    """Half a unit of the last digit of a float as typed; 0 with fewer than four digits behind the point."""
    mantissa, _, exponent = written.partition("e")
    digits = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (int(exponent or 0) - digits) if digits >= PRINTED_DIGITS else 0.0


def _signed(number: Typed, *, negative: bool) -> Typed:
    if number.form not in ("int", "float", "complex"):
        raise _Unreadable("a sign before what is no number")
    return Typed(number.form, -number.data if negative else number.data, grain=number.grain)


def _call(node: ast.Call, lines: list[bytes]) -> Typed:
    name = _without_module(_dotted(node.func))
    arguments = tuple(_node(part, lines) for part in node.args)
    keywords = tuple((part.arg, _node(part.value, lines)) for part in node.keywords if part.arg)
    if len(keywords) != len(node.keywords):
        raise _Unreadable("a call that unpacks")
    if name == "float" and len(arguments) == 1 and arguments[0].form == "text":
        number = float(arguments[0].data)
        # One NaN for all, so that equal predictions compare equal.
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
        raise _Unreadable("no name")
    yield node.id


def _named(name: str) -> Typed:
    bare = _without_module(name)
    return Typed("float", FLOATS[bare]) if bare in FLOATS else Typed("name", bare)


def _without_module(name: str) -> str:
    """`torch.float32` and `float32` are one name."""
    return next((name.removeprefix(module) for module in MODULES if name.startswith(module)), name)

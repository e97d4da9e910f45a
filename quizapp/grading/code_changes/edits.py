"""One change of a program, and what it proves about the mistake in an answer."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.grading.code_changes.code_tree import CodeTree, Replacement
from quizapp.grading.mistake import Mistake

MOST_SHOWN = 44
"""Characters of a fragment of code in a sentence."""

MINUS_INFINITY = ast.parse("float('-inf')", mode="eval").body

Said = tuple[Mistake, str]
"""A mistake, and a sentence on it without the full stop."""


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One change of a program."""

    replacements: Mapping[ast.AST, Replacement]
    line: int
    """Line of the program, from 1, at which the change begins."""

    repaired: Said | None = None
    """The mistake if the change makes an answer right; None if this is not tried."""

    imitated: Said | None = None
    """The mistake if the answer gives what the changed reference gives; None if this is not tried."""

    is_risky: bool = False
    """Whether the change makes an answer right by accident more often than others, so that it is tried last."""


def change(node: ast.expr | ast.stmt, new: Replacement, repaired: Said | None, imitated: Said | None) -> Edit:
    """Return the edit that replaces one node."""
    return Edit({node: new}, node.lineno, repaired, imitated)


def shown(node: ast.AST) -> str:
    """Return the code of a node in one line between backticks, cut to MOST_SHOWN characters."""
    text = " ".join(ast.unparse(node).split())
    return f"`{text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 2] + ' …'}`"


def place(node: ast.expr, code: CodeTree) -> str:
    """Return the smallest expression around a constant that shows its role."""
    outer = (
        found for found in code.ancestors(node) if isinstance(found, ast.expr) and not isinstance(found, ast.Slice)
    )
    return shown(next(outer, code.statement(node)))


def number(value: float) -> ast.expr:
    """Return the code of a number."""
    return ast.parse(repr(value), mode="eval").body


def with_function(call: ast.Call, name: str) -> ast.Call:
    """Return the call of another function or method of the same owner."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    changed = copy.copy(call)
    changed.func = ast.Attribute(owner, name, ast.Load()) if owner else ast.Name(name, ast.Load())
    return changed


def with_argument(call: ast.Call, index: int, value: ast.expr | None) -> ast.Call:
    """Return the call with another positional argument, or without it."""
    changed = copy.copy(call)
    new = [] if value is None else [value]
    changed.args = [*call.args[:index], *new, *call.args[index + 1 :]]
    return changed


def with_keyword(call: ast.Call, name: str, value: ast.expr | None) -> ast.Call:
    """Return the call with another value of a keyword argument, with a new one at the end, or without it."""
    changed = copy.copy(call)
    new = [] if value is None else [ast.keyword(name, value)]
    index = next((at for at, keyword in enumerate(call.keywords) if keyword.arg == name), len(call.keywords))
    changed.keywords = [*call.keywords[:index], *new, *call.keywords[index + 1 :]]
    return changed


def method_call(owner: ast.expr, name: str, *arguments: ast.expr) -> ast.Call:
    """Return the call of a method."""
    return ast.Call(ast.Attribute(owner, name, ast.Load()), list(arguments), [])


def operand(call: ast.Call, modules: frozenset[str]) -> ast.expr | None:
    """Return the value that a call is about.

    It is the owner of a method, or the first argument of a library function, a layer (`self.act(x)`) or a built-in one.
    """
    first = call.args[0] if call.args and not isinstance(call.args[0], ast.Starred) else None
    if isinstance(call.func, ast.Name):
        return first if call.func.id in BUILTINS or len(call.args) == 1 else None
    if not isinstance(call.func, ast.Attribute):
        return None
    owner = call.func.value
    root = ast.unparse(owner).partition(".")[0]
    if isinstance(owner, ast.Name | ast.Attribute) and (root in modules or ast.unparse(owner) == "self"):
        return first
    return owner.value if isinstance(owner, ast.Attribute) and owner.attr in ACCESSORS else owner


ACCESSORS = frozenset({"str", "dt", "cat"})
"""Attributes of pandas that contain methods."""

BUILTINS = frozenset({"abs", "round", "int", "float", "list", "sorted", "reversed", "sum", "max", "min", "set", "len"})
"""Built-in functions whose first argument is what they are about."""

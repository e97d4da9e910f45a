"""Changes that take a number, a text, an argument or a function from the reference."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from quizapp.grading.answer_rules.qualified_names import parse_or_none
from quizapp.grading.code_changes.code_tree import CodeTree, last_name
from quizapp.grading.code_changes.edits import Edit, change, place, shown, with_argument, with_keyword
from quizapp.grading.code_changes.rules.functions import option
from quizapp.grading.mistake import Mistake

MOST_CONSTANTS = 6
MOST_CALLS = 12
REGROUPING = frozenset({"view", "reshape"})
MOVING = frozenset({"permute", "transpose", "movedim", "swapaxes"})
SIMPLE = (ast.Constant, ast.UnaryOp, ast.Tuple, ast.List)
"""Arguments that are replaced: of a computed one its parts are, and a name by another name."""


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What a reference contains, with the names of its arguments replaced by those of the answer."""

    numbers: tuple[int | float, ...] = ()
    texts: tuple[str, ...] = ()
    calls: tuple[ast.Call, ...] = ()


def find_ingredients(reference: str, answer: ast.Module) -> Ingredients:
    """Return the numbers, texts and calls of a reference."""
    tree = parse_or_none(reference)
    if tree is None:
        return Ingredients()
    renamed = _Renamed(_argument_names(tree, answer)).visit(tree)
    constants = [node.value for node in ast.walk(renamed) if isinstance(node, ast.Constant)]
    numbers = [value for value in constants if isinstance(value, int | float) and not isinstance(value, bool)]
    texts = [value for value in constants if isinstance(value, str)]
    calls = [node for node in ast.walk(renamed) if isinstance(node, ast.Call)]
    return Ingredients(_few(numbers), _few(texts), tuple(calls[:MOST_CALLS]))


def _few(values: list[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))[:MOST_CONSTANTS]


def _argument_names(reference: ast.Module, answer: ast.Module) -> dict[str, str]:
    """Return the answer's name for each argument of the reference's functions."""
    own = {node.name: node.args.args for node in ast.walk(answer) if isinstance(node, ast.FunctionDef)}
    names: dict[str, str] = {}
    for node in ast.walk(reference):
        if isinstance(node, ast.FunctionDef):
            names |= {a.arg: b.arg for a, b in zip(node.args.args, own.get(node.name, ()), strict=False)}
    return names


class _Renamed(ast.NodeTransformer):
    """Renames arguments in a tree of its own."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)


def ingredient_edits(node: ast.AST, code: CodeTree, found: Ingredients) -> Iterator[Edit]:
    """Yield the changes at one node that take something from the reference."""
    if isinstance(node, ast.Constant):
        yield from _other_constants(node, code, found)
    elif isinstance(node, ast.Call):
        for call in found.calls:
            yield from _other_arguments(node, call)
        for call in found.calls:
            yield from _other_method(node, call)
    elif isinstance(node, ast.FunctionDef):
        yield from _exchanged_texts(node)


def _other_constants(node: ast.Constant, code: CodeTree, found: Ingredients) -> Iterator[Edit]:
    is_number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
    values: tuple[int | float | str, ...] = found.numbers if is_number else found.texts
    said = Mistake.WRONG_CONSTANT, f"{shown(node)} in {place(node, code)} is wrong"
    for value in values if is_number or isinstance(node.value, str) else ():
        if value != node.value:
            yield change(node, ast.Constant(value), said, None)


def _other_arguments(node: ast.Call, wanted: ast.Call) -> Iterator[Edit]:
    """Yield the call with one argument that the reference passes to the same function."""
    name = last_name(node)
    if not name or name != last_name(wanted):
        return
    for keyword in wanted.keywords:
        own = next((found.value for found in node.keywords if found.arg == keyword.arg), None)
        if keyword.arg and (own is None or ast.dump(own) != ast.dump(keyword.value)):
            kind, text = option(keyword.arg)
            if own is None and kind is Mistake.ARGUMENT_VALUE:
                text = f"an argument of {shown(node)} is missing"
            yield change(node, with_keyword(node, keyword.arg, keyword.value), (kind, text), None)
    for index, (argument, other) in enumerate(zip(node.args, wanted.args, strict=False)):
        if ast.dump(argument) != ast.dump(other) and isinstance(argument, SIMPLE):
            said = Mistake.ARGUMENT_VALUE, f"{shown(argument)} is the wrong argument of `{name}`"
            yield change(node, with_argument(node, index, other), said, None)


def _other_method(node: ast.Call, wanted: ast.Call) -> Iterator[Edit]:
    """Yield another method of the same value, with the arguments that the reference passes to it."""
    if not isinstance(node.func, ast.Attribute) or not isinstance(wanted.func, ast.Attribute):
        return
    if node.func.attr == wanted.func.attr or ast.unparse(node.func.value) in ("torch", "F", "np", "nn", "pd", "self"):
        return
    said = Mistake.OTHER_FUNCTION, f"`{node.func.attr}` is the wrong function in {shown(node)}"
    if node.func.attr in REGROUPING and wanted.func.attr in MOVING:
        said = Mistake.RESHAPED, f"{shown(node)} only regroups the elements, but the dimensions must be moved"
    other = ast.Call(ast.Attribute(node.func.value, wanted.func.attr, ast.Load()), wanted.args, wanted.keywords)
    yield Edit({node: other}, node.lineno, said, is_risky=True)


def _exchanged_texts(function: ast.FunctionDef) -> Iterator[Edit]:
    """Yield the function with two of its texts exchanged, such as the names of two columns."""
    texts: dict[str, list[ast.Constant]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.setdefault(node.value, []).append(node)
    for (first, one), (second, two) in combinations(list(texts.items())[:MOST_CONSTANTS], 2):
        new: dict[ast.AST, ast.expr] = {node: ast.Constant(second) for node in one}
        new |= {node: ast.Constant(first) for node in two}
        yield Edit(new, one[0].lineno, (Mistake.EXCHANGED, f"`{first!r}` and `{second!r}` are exchanged"))

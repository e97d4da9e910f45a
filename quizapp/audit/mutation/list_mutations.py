"""Lists without the values that they should collect: empty ones, and lists of a constant."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import TypeGuard

from quizapp.audit.mutation.mutations import Mutation
from quizapp.audit.solution_code import SolutionCode

NOTHING = ast.Constant(0)


def list_mutations(node: ast.expr, code: SolutionCode) -> Iterator[Mutation]:
    """Yield an empty list and a list of zeros for a list that is computed."""
    if isinstance(node, ast.ListComp) and _is_result(node, code):
        yield "list emptied", ast.List([], ast.Load())
        yield "list of a constant", _with_element(node)
    elif isinstance(node, ast.Name) and isinstance(code.parent(node), ast.Return) and code.starts_empty(node):
        yield "list emptied", ast.List([], ast.Load())
    elif _appends_a_value(node):
        yield "list of a constant", ast.Call(node.func, [NOTHING], [])


def _appends_a_value(node: ast.expr) -> TypeGuard[ast.Call]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "append":
        return False
    return len(node.args) == 1 and not isinstance(node.args[0], ast.Constant)


def _is_result(node: ast.expr, code: SolutionCode) -> bool:
    return isinstance(code.parent(node), ast.Return | ast.Assign)


def _with_element(node: ast.ListComp) -> ast.expr:
    copied = copy.copy(node)
    copied.elt = NOTHING
    return copied

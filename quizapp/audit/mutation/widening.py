"""Changes to a wider dtype, and whether anything but the rounding of a result can show them."""

from __future__ import annotations

import ast

from quizapp.audit.solution_code import SolutionCode
from quizapp.grading.code_changes.code_tree import last_name

WIDENED = frozenset(["float32", "float", "float16", "half", "bfloat16", "int32", "int", "int16", "int8", "complex64"])
"""dtypes that mutate into a wider one."""

INDEX_DTYPES = frozenset(["int64", "long", "int32", "int"])

NARROWING = frozenset(
    [
        *("item", "tolist", "argmax", "argmin", "argsort", "nonzero", "any", "all", "int", "float", "bool", "long"),
        *("half", "bfloat16", "double", "type_as", "len", "round", "str", "copy_", "fill_", "numel"),
        *("allclose", "isclose", "equal", "print"),
    ]
)
"""Functions and methods whose result has the same type for an argument of a wider dtype."""

DEPTH = 4
"""Number of local names through which a value is followed."""


def is_widening_hidden(code: SolutionCode, node: ast.expr) -> bool:
    """Return whether a wider dtype at `node` cannot reach a result: it is an index, or is narrowed again."""
    name = last_name(node)
    start = node if isinstance(node, ast.Call) else code.parent(node)
    if isinstance(start, ast.keyword):
        start = code.parent(start)
    if not isinstance(start, ast.expr):
        return False
    if name in INDEX_DTYPES and _is_index(code, start):
        return True
    return name in WIDENED and _is_hidden(code, start, DEPTH)


def _is_index(code: SolutionCode, node: ast.expr) -> bool:
    inner: ast.AST = node
    for outer in code.ancestors(node):
        if isinstance(outer, ast.Subscript) and outer.slice is inner:
            return True
        if not isinstance(outer, ast.expr | ast.keyword):
            return False
        inner = outer
    return False


def _is_hidden(code: SolutionCode, node: ast.expr, depth: int) -> bool:
    inner: ast.AST = node
    for outer in code.ancestors(node):
        if isinstance(outer, ast.Compare) or (isinstance(outer, ast.Subscript) and outer.slice is inner):
            return True
        if isinstance(outer, ast.Call) and last_name(outer) in NARROWING:
            return True
        if isinstance(outer, ast.If | ast.While | ast.IfExp) and inner is outer.test:
            return True
        if isinstance(outer, ast.Assign):
            return _is_target_hidden(code, outer, depth)
        if isinstance(outer, ast.stmt):
            return False
        inner = outer
    return False


def _is_target_hidden(code: SolutionCode, statement: ast.Assign, depth: int) -> bool:
    """Return whether the assigned value cannot reach a result; items of a tensor keep the tensor's dtype."""
    (target, *more) = statement.targets
    if more or not depth:
        return False
    if isinstance(target, ast.Subscript):
        return True
    function = code.function(statement)
    if not isinstance(target, ast.Name) or function is None:
        return False
    return all(_is_hidden(code, use, depth - 1) for use in code.reads(target.id, function))

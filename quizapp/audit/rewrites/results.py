"""The results of a solution, and the same results as other types: a float for an int, a list for a tuple."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.audit.solution_code import ChangedSolution, SolutionCode
from quizapp.grading.code_changes.code_tree import last_name, names_in

AS_NUMBER = "another type of number"
AS_SEQUENCE = "another type of sequence"
KINDS = frozenset({AS_NUMBER, AS_SEQUENCE})

NUMBERS = frozenset({"len", "int", "float", "item", "numel", "dim", "round"})
"""Functions and methods that return a plain number."""


def results(code: SolutionCode) -> Iterator[ast.expr]:
    """Yield the expressions whose value only a check reads: what functions return, and names bound at the top level."""
    for statement in code.tree.body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name) and not _is_read(code, target.id):
                yield statement.value
    for function in code.top_level_functions():
        if _is_result_free(code, function):
            yield from (
                node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Return) and node.value is not None and code.function(node) is function
            )


def _is_read(code: SolutionCode, name: str) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.Attribute) and node.attr == name)
        for node in ast.walk(code.tree)
    )


def _is_result_free(code: SolutionCode, function: ast.FunctionDef) -> bool:
    """Return whether only checks use what a function returns: neither the solution nor Python's own protocols."""
    parameters = [arg.arg for arg in function.args.args]
    is_protocol = function.name.startswith("__") or "ctx" in parameters or bool(function.decorator_list)
    return not is_protocol and not _is_read(code, function.name)


def result_rewrites(code: SolutionCode) -> Iterator[ChangedSolution]:
    """Yield the solution with one result as another type of the same value."""
    numpy = code.imports("numpy")
    for value in results(code):
        if _is_number(value):
            yield code.change(AS_NUMBER, value, _converted("float", value))
            if numpy:
                yield code.change(AS_NUMBER, value, _converted(f"{numpy}.float64", value))
        elif isinstance(value, ast.Tuple) and value.elts:
            yield code.change(AS_SEQUENCE, value, ast.List(value.elts, ast.Load()))
        elif isinstance(value, ast.List) and value.elts:
            yield code.change(AS_SEQUENCE, value, ast.Tuple(value.elts, ast.Load()))
        elif isinstance(value, ast.ListComp) or (isinstance(value, ast.Name) and code.starts_empty(value)):
            yield code.change(AS_SEQUENCE, value, _converted("tuple", value))


def _converted(function: str, value: ast.expr) -> ast.expr:
    return ast.Call(ast.parse(function, mode="eval").body, [value], [])


def _is_number(value: ast.expr) -> bool:
    """Return whether a value is certainly an int or a float."""
    if isinstance(value, ast.Constant):
        return type(value.value) in (int, float)
    if isinstance(value, ast.BinOp):
        return _is_number(value.left) and _is_number(value.right)
    return isinstance(value, ast.Call) and last_name(value) in NUMBERS and not names_in(value.func) & {"np", "torch"}

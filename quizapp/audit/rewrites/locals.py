"""Other names for the values inside a function, which no check can read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.audit.solution_code import ChangedSolution, SolutionCode
from quizapp.grading.code_changes.code_tree import names_in

KIND = "other local names"
READING_NAMES = frozenset({"locals", "vars", "eval", "exec", "globals", "dir"})

UNSUITABLE = (
    *(ast.Global, ast.Nonlocal, ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Match),
    *(ast.JoinedStr, ast.ExceptHandler, ast.Delete),
)
"""What may bind or show a local name in another way."""


def local_rewrites(code: SolutionCode) -> Iterator[ChangedSolution]:
    """Yield the solution with the local names of one function changed, or with one result bound to a name."""
    for function in code.top_level_functions():
        if names_in(function) & READING_NAMES:
            continue
        if renamed := _renamed(code, function) or _named(code, function):
            yield renamed
            return


def _named(code: SolutionCode, function: ast.FunctionDef) -> ChangedSolution | None:
    last = function.body[-1]
    if not isinstance(last, ast.Return) or last.value is None or "result" in names_in(function):
        return None
    bound = ast.Assign([ast.Name("result", ast.Store())], last.value, lineno=last.lineno)
    statements = [bound, ast.Return(ast.Name("result", ast.Load()))]
    return code.change_several(KIND, {last: statements}, (last, "; ".join(map(ast.unparse, statements))))


def _renamed(code: SolutionCode, function: ast.FunctionDef) -> ChangedSolution | None:
    nodes = list(ast.walk(function))
    if any(isinstance(node, UNSUITABLE) for node in nodes[1:]):
        return None
    parameters = {node.arg for node in nodes if isinstance(node, ast.arg)}
    names = [node for node in nodes if isinstance(node, ast.Name)]
    stored = [node for node in names if isinstance(node.ctx, ast.Store) and node.id not in parameters]
    if not stored:
        return None
    local = {node.id for node in stored}
    renamed: dict[ast.AST, ast.AST] = {node: ast.Name(f"{node.id}_1", node.ctx) for node in names if node.id in local}
    return code.change_several(KIND, renamed, (stored[0], f"{stored[0].id}_1"))

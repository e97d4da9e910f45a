"""Modules and parameters that are created in another order."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from quizapp.audit.solution_code import ChangedSolution, SolutionCode
from quizapp.grading.code_changes.code_tree import last_name

KIND = "another order of creation"


def order_rewrites(code: SolutionCode) -> Iterator[ChangedSolution]:
    """Yield the solution with two successive modules or parameters swapped that do not depend on each other."""
    for body in (code.tree.body, *(function.body for function in code.functions())):
        for first, second in pairwise(body):
            if _creates(first) and _creates(second) and not _depends(second, first) and not _depends(first, second):
                text = f"{ast.unparse(second)}; {ast.unparse(first)}"
                yield code.change_several(KIND, {first: [second], second: [first]}, (first, text))


def _creates(statement: ast.stmt) -> bool:
    """Return whether a statement is `name = nn.Linear(…)` or `self.name = nn.Parameter(…)`."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return False
    value = statement.value
    is_created = (
        isinstance(value, ast.Call) and last_name(value)[:1].isupper() and isinstance(value.func, ast.Attribute)
    )
    return is_created and isinstance(statement.targets[0], ast.Name | ast.Attribute)


def _depends(statement: ast.stmt, other: ast.stmt) -> bool:
    """Return whether a statement reads what another one assigns."""
    assert isinstance(statement, ast.Assign) and isinstance(other, ast.Assign)
    target = ast.unparse(other.targets[0])
    return any(
        ast.unparse(node) == target for node in ast.walk(statement) if isinstance(node, ast.Name | ast.Attribute)
    )

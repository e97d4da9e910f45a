"""Operators as functions: matrix products."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.audit.solution_code import ChangedSolution, SolutionCode

KIND = "matrix product written otherwise"


def operator_rewrites(code: SolutionCode) -> Iterator[ChangedSolution]:
    """Yield `torch.matmul(a, b)` and an `einsum` for `a @ b`; the latter raises for vectors."""
    library = code.library()
    if library is None:
        return
    for node in ast.walk(code.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            sides = [node.left, node.right]
            yield code.change(KIND, node, _call(library, "einsum", [ast.Constant("...ij,...jk->...ik"), *sides]))
            yield code.change(KIND, node, _call(library, "matmul", sides))


def _call(library: str, function: str, arguments: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Attribute(ast.Name(library, ast.Load()), function, ast.Load()), arguments, [])

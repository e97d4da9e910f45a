"""Changes of the shapes of two operands that are broadcast: (n, 1) beside (n,)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.grading.code_changes.code_tree import CodeTree, last_name
from quizapp.grading.code_changes.edits import Edit, method_call, number, shown
from quizapp.grading.mistake import Mistake

PAIRED = ("_loss", "criterion", "loss_fn", "loss", "mul", "add", "sub", "div", "multiply", "subtract", "divide")
"""Ends of the names of functions that broadcast two tensors."""


def broadcast_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield arithmetic and losses whose sides are brought to the same shape first: (n, 1) beside (n,)."""
    for sides in _sides(node):
        for side in sides:
            text = f"{shown(side)} has another shape than the other side of {shown(node)}, so they are broadcast"
            said = Mistake.BROADCAST, text
            for new in (
                method_call(side, "squeeze", number(-1)),
                method_call(side, "unsqueeze", number(-1)),
                method_call(side, "reshape", number(-1)),
            ):
                yield Edit({side: new}, side.lineno, said)


def _sides(node: ast.AST) -> Iterator[tuple[ast.expr, ...]]:
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            yield tuple(side for side in (left, right) if not isinstance(side, ast.Constant | ast.BinOp))
        case ast.Call(args=[first, second, *_]) if last_name(node).endswith(PAIRED):
            yield first, second
        case ast.Compare(left=left, comparators=[right]) if not isinstance(right, ast.Constant):
            yield left, right

"""Arithmetic in place on an argument: the result is right, and the caller's value is overwritten."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.audit.mutation.mutations import Mutation
from quizapp.audit.solution_code import SolutionCode

METHODS = {ast.Add: "add_", ast.Sub: "sub_", ast.Mult: "mul_", ast.Div: "div_"}
FUNCTIONS = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide"}


def argument_mutations(node: ast.expr, code: SolutionCode) -> Iterator[Mutation]:
    """Yield `x.mul_(y)` for `x * y`, with NumPy `np.multiply(x, y, out=x)`, if `x` is an argument."""
    if not isinstance(node, ast.BinOp) or type(node.op) not in METHODS or not isinstance(node.left, ast.Name):
        return
    function, library = code.function(node), code.library()
    if function is None or library is None or node.left.id not in {arg.arg for arg in function.args.args}:
        return
    operation = type(node.op)
    if code.aliases[library] == "torch":
        method = ast.Attribute(node.left, METHODS[operation], ast.Load())
        yield "argument changed", ast.Call(method, [node.right], [])
    else:
        ufunc = ast.Attribute(ast.Name(library, ast.Load()), FUNCTIONS[operation], ast.Load())
        yield "argument changed", ast.Call(ufunc, [node.left, node.right], [ast.keyword("out", node.left)])

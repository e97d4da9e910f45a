"""The lines on which code contains a construct of Python, or the operator `@`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
NODES: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor, *COMPREHENSIONS),
    "while": (ast.While,),
    "if": (ast.If, ast.IfExp),
    "import": (ast.Import, ast.ImportFrom),
    "lambda": (ast.Lambda,),
    "def": (ast.FunctionDef, ast.AsyncFunctionDef),
    "recursion": (),
}


def construct_lines(construct: str, tree: ast.Module) -> Iterator[int]:
    """Yield the line of each occurrence of a construct, a key of NODES."""
    if construct == "recursion":
        yield from _recursion_lines(tree)
        return
    for node in ast.walk(tree):
        if isinstance(node, NODES[construct]):
            yield node.lineno  # type: ignore[attr-defined]
        elif construct == "if" and isinstance(node, ast.comprehension) and node.ifs:
            yield node.ifs[0].lineno
        elif construct == "import" and isinstance(node, ast.Name) and node.id == "__import__":
            yield node.lineno


def _recursion_lines(tree: ast.Module) -> Iterator[int]:
    """Yield the lines on which a function calls itself by its own name."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _called_name(node) == function.name:
                    yield node.lineno


def _called_name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name
    return ""


def matrix_product_lines(tree: ast.Module) -> Iterator[int]:
    """Yield the line of each `@` between two values."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
            yield node.lineno

"""Mutants that replace a whole result: detached, zeros, NaN, or the input given back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Result = tuple[ast.expr, str, ast.expr]

GRADIENTS = frozenset({"backward", "grad", "requires_grad", "requires_grad_", "grad_fn", "Parameter", "retain_grad"})


GRAPHLESS = frozenset({"detach", "detach_", "grad", "item", "numpy", "tolist", "shape", "size", "dtype", "data"})


def result_mutants(tree: ast.Module, setting: ast.Module) -> Iterator[Result]:
    """(the expression, what is done to it, what stands there instead) for each result of a program."""
    given = list(dict.fromkeys(_bound(setting)))
    gradients = any(_name(node) in GRADIENTS for part in (tree, setting) for node in ast.walk(part))
    untracked = {id(node) for part in tree.body for function in _of_autograd(part) for node in ast.walk(function)}
    for value, inputs in _values(tree, given):
        tracked = gradients and id(value) not in untracked and not _without_graph(value)
        yield from _replacements(value, inputs, tracked)


def _values(tree: ast.Module, given: list[str]) -> Iterator[tuple[ast.expr, list[str]]]:
    """Values bound at the top level and values returned, each with the names of what goes in."""
    for statement in tree.body:
        if not isinstance(statement, ast.Assign) or isinstance(statement.value, ast.Lambda):
            continue
        if isinstance(statement.targets[0], ast.Name):
            yield statement.value, _used(statement.value, given)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        parameters = [arg.arg for arg in function.args.args if arg.arg not in ("self", "cls", "ctx")]
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                yield node.value, parameters


def _of_autograd(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """The passes of an autograd.Function, which run without a graph of their own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "ctx":
            yield node


def _without_graph(value: ast.expr) -> bool:
    """Whether a value surely has no graph to be cut from: `x.detach().clone()`, `w.grad`, `loss.item()`."""
    node = value
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute) and node.attr in GRAPHLESS:
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def _replacements(value: ast.expr, inputs: list[str], gradients: bool) -> Iterator[Result]:
    if isinstance(value, ast.Constant | ast.JoinedStr | ast.Dict | ast.DictComp):
        return
    if inputs and not (isinstance(value, ast.Name) and value.id == inputs[0]):
        yield value, "input echoed", ast.Name(inputs[0], ast.Load())
    if isinstance(value, ast.Tuple | ast.List | ast.ListComp | ast.Compare | ast.BoolOp):
        return
    if gradients:
        yield value, "detached", ast.Call(ast.Attribute(value, "detach", ast.Load()), [], [])
    yield value, "zeros", ast.BinOp(value, ast.Mult(), ast.Constant(0))
    nan = ast.Call(ast.Name("float", ast.Load()), [ast.Constant("nan")], [])
    yield value, "NaN", ast.BinOp(value, ast.Mult(), nan)


def _used(value: ast.expr, given: list[str]) -> list[str]:
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return [name for name in given if name in names]


def _bound(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else node.arg or "" if isinstance(node, ast.keyword) else ""

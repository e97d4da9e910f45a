"""Mutants that replace a whole result: detached, zeros, NaN, or an input returned unchanged."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.audit.mutation.graphless import is_graphless
from quizapp.audit.solution_code import SolutionCode
from quizapp.grading.code_changes.code_tree import last_name

ResultMutation = tuple[ast.expr, str, ast.expr]
"""(expression, kind of change, new expression)."""

GRADIENTS = frozenset({"backward", "grad", "requires_grad", "requires_grad_", "grad_fn", "Parameter", "retain_grad"})
"""Names that show that a program uses gradients."""


def result_mutations(code: SolutionCode) -> Iterator[ResultMutation]:
    """Yield the mutations of each result of a solution."""
    given = list(dict.fromkeys(_assigned_names(code.context)))
    trees = (code.tree, code.context)
    uses_gradients = any(_name(node) in GRADIENTS for tree in trees for node in ast.walk(tree))
    for value, inputs in _results(code.tree, given):
        yield from _replacements(value, inputs, uses_gradients and not is_graphless(code, value))


def _results(tree: ast.Module, given: list[str]) -> Iterator[tuple[ast.expr, list[str]]]:
    """Yield (value, names of its inputs) for values assigned at the top level and values returned."""
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


def _replacements(value: ast.expr, inputs: list[str], has_graph: bool) -> Iterator[ResultMutation]:
    if isinstance(value, ast.Constant | ast.JoinedStr | ast.Dict | ast.DictComp):
        return
    if inputs and not (isinstance(value, ast.Name) and value.id == inputs[0]):
        yield value, "input echoed", ast.Name(inputs[0], ast.Load())
    if isinstance(value, ast.Tuple | ast.List | ast.ListComp | ast.Compare | ast.BoolOp):
        return
    if has_graph:
        yield value, "detached", ast.Call(ast.Attribute(value, "detach", ast.Load()), [], [])
    if not last_name(value).startswith("zeros"):
        yield value, "zeros", ast.BinOp(value, ast.Mult(), ast.Constant(0))
    nan = ast.Call(ast.Name("float", ast.Load()), [ast.Constant("nan")], [])
    yield value, "NaN", ast.BinOp(value, ast.Mult(), nan)


def _used(value: ast.expr, given: list[str]) -> list[str]:
    names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return [name for name in given if name in names]


def _assigned_names(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else node.arg or "" if isinstance(node, ast.keyword) else ""

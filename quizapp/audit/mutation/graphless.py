"""Values that certainly have no autograd graph, so that detaching them changes nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.audit.solution_code import SolutionCode
from quizapp.grading.answer_rules.qualified_names import resolve_name
from quizapp.grading.code_changes.code_tree import last_name

GRAPHLESS = frozenset(
    [
        *("detach", "detach_", "grad", "item", "numpy", "tolist", "shape", "size", "dtype", "data", "argmax", "argmin"),
        *("argsort", "eq", "ne", "bool", "long", "int", "numel", "no_grad", "inference_mode"),
    ]
)
"""Attributes whose value has no autograd graph."""

CONSTRUCTORS = frozenset(
    [
        *("tensor", "zeros", "ones", "full", "arange", "linspace", "eye", "rand", "randn", "randint", "randperm"),
        *("zeros_like", "ones_like", "rand_like", "randn_like", "full_like", "empty", "as_tensor", "from_numpy"),
    ]
)
"""Functions of torch whose value has no graph unless `requires_grad` is passed."""

UNTRACKED = frozenset({"no_grad", "inference_mode"})
DEPTH = 8
"""Number of assignments through which a value is followed."""


def is_graphless(code: SolutionCode, value: ast.expr, depth: int = DEPTH) -> bool:
    """Return whether a value has no graph: `x.detach().clone()`, `w.grad`, `loss.item()`, or all under `no_grad`."""
    if is_untracked(code, value) or isinstance(value, ast.Constant | ast.Compare | ast.BoolOp):
        return True
    if isinstance(value, ast.BinOp):
        return is_graphless(code, value.left, depth) and is_graphless(code, value.right, depth)
    if isinstance(value, ast.UnaryOp):
        return is_graphless(code, value.operand, depth)
    if isinstance(value, ast.Name):
        return _is_name_graphless(code, value, depth)
    return _is_path_graphless(code, value, depth)


def is_untracked(code: SolutionCode, node: ast.AST) -> bool:
    """Return whether a node runs without a graph: in a `with` block or a function that switches it off."""
    for outer in code.ancestors(node):
        if isinstance(outer, ast.With) and any(last_name(item.context_expr) in UNTRACKED for item in outer.items):
            return True
        if isinstance(outer, ast.FunctionDef) and _runs_untracked(outer):
            return True
    return False


def _runs_untracked(function: ast.FunctionDef) -> bool:
    # The methods of an autograd.Function run without a graph.
    is_autograd_method = bool(function.args.args) and function.args.args[0].arg == "ctx"
    return is_autograd_method or any(last_name(decorator) in UNTRACKED for decorator in function.decorator_list)


def _is_path_graphless(code: SolutionCode, value: ast.expr, depth: int) -> bool:
    """Return whether some step of `x.detach().clone()` ends the graph, or its first value has none."""
    node = value
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        if last_name(node) in GRAPHLESS:
            return not _builds_graph(value)
        if isinstance(node, ast.Call) and last_name(node) in CONSTRUCTORS:
            return not _builds_graph(value)
        if isinstance(node, ast.Call) and not all(is_graphless(code, found, depth - 1) for found in node.args):
            return False
        if isinstance(node, ast.Call) and _is_function_of_torch(code, node):
            return not _builds_graph(value)
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and _is_name_graphless(code, node, depth)


def _is_function_of_torch(code: SolutionCode, call: ast.Call) -> bool:
    """Return whether a function of torch is called, which has no parameters of its own."""
    name = resolve_name(call.func, code.aliases) or ""
    return name.startswith("torch.") and last_name(call).islower()


def _builds_graph(value: ast.expr) -> bool:
    named = {node.arg for node in ast.walk(value) if isinstance(node, ast.keyword)}
    called = {last_name(node) for node in ast.walk(value) if isinstance(node, ast.Call)}
    return bool(named & {"create_graph", "requires_grad"}) or "requires_grad_" in called


def _is_name_graphless(code: SolutionCode, name: ast.Name, depth: int) -> bool:
    """Return whether everything that is assigned to a local name has no graph."""
    values = list(_assigned(code.scope(name), name.id)) if depth > 0 else []
    return bool(values) and all(
        name.id not in {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
        and is_graphless(code, value, depth - 1)
        for value in values
    )


def _assigned(scope: ast.AST, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(scope):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        )
        names = {found.id for target in targets for found in ast.walk(target) if isinstance(found, ast.Name)}
        if isinstance(node, ast.Assign | ast.AugAssign) and name in names:
            yield node.value
        elif isinstance(node, ast.For | ast.comprehension | ast.arg | ast.withitem) and name in _bound_by(node):
            # The value is not known.
            yield ast.Name("", ast.Load())


def _bound_by(node: ast.For | ast.comprehension | ast.arg | ast.withitem) -> set[str]:
    if isinstance(node, ast.arg):
        return {node.arg}
    target = node.optional_vars if isinstance(node, ast.withitem) else node.target
    return {found.id for found in ast.walk(target) if isinstance(found, ast.Name)} if target else set()

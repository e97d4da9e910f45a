"""The same call written otherwise: `axis` for `dim`, by position for by keyword, a function for a method."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from quizapp.audit.solution_code import ChangedSolution, SolutionCode
from quizapp.grading.code_changes.code_tree import last_name, literal_integer

OTHER_KEYWORD = "`axis` for `dim`"
BY_POSITION = "by position for by keyword"
BY_KEYWORD = "by keyword for by position"
AS_FUNCTION = "function for method"
AS_METHOD = "method for function"

SYNONYMS = {"dim": "axis", "axis": "dim"}

REDUCTIONS = frozenset(
    [
        *("sum", "mean", "prod", "amax", "amin", "max", "min", "argmax", "argmin", "all", "any", "median", "cumsum"),
        *("cumprod", "std", "var", "logsumexp", "softmax", "log_softmax", "unsqueeze", "squeeze", "unbind"),
    ]
)
"""Functions `f(x, dim)` that are also methods `x.f(dim)`."""

ELEMENTWISE = frozenset(
    [
        *("exp", "log", "sqrt", "abs", "sigmoid", "tanh", "relu", "sin", "cos", "floor", "ceil", "round", "sign"),
        *("clamp", "pow", "matmul", "mm", "bmm", "flatten", "transpose", "isnan", "gather", "neg"),
    ]
)
"""Other functions of torch that are also methods of tensors."""


def call_rewrites(code: SolutionCode) -> Iterator[ChangedSolution]:
    """Yield the solution with one call written otherwise; a library that does not know the form raises TypeError."""
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _other_keyword(code, node)
            yield from _by_position(code, node)
            yield from _by_keyword(code, node)
            yield from _as_function(code, node)
            yield from _as_method(code, node)


def _module(code: SolutionCode, call: ast.Call) -> str | None:
    """Return the module whose function is called; None for a method."""
    assert isinstance(call.func, ast.Attribute)
    return code.aliases.get(last_name(call.func.value)) if isinstance(call.func.value, ast.Name) else None


def _other_keyword(code: SolutionCode, call: ast.Call) -> Iterator[ChangedSolution]:
    if _module(code, call) in ("numpy", "pandas") or not code.imports("torch"):
        return
    for index, keyword in enumerate(call.keywords):
        if keyword.arg in SYNONYMS:
            copied = copy.copy(call)
            copied.keywords = list(call.keywords)
            copied.keywords[index] = ast.keyword(SYNONYMS[keyword.arg], keyword.value)
            yield code.change(OTHER_KEYWORD, call, copied)


def _leading(code: SolutionCode, call: ast.Call) -> int:
    """Return the number of arguments before the dimension."""
    return 1 if _module(code, call) else 0


def _by_position(code: SolutionCode, call: ast.Call) -> Iterator[ChangedSolution]:
    if last_name(call) not in REDUCTIONS or len(call.args) != _leading(code, call):
        return
    dimension = next((keyword for keyword in call.keywords if keyword.arg in SYNONYMS), None)
    if dimension is not None:
        copied = copy.copy(call)
        copied.args = [*call.args, dimension.value]
        copied.keywords = [keyword for keyword in call.keywords if keyword is not dimension]
        yield code.change(BY_POSITION, call, copied)


def _by_keyword(code: SolutionCode, call: ast.Call) -> Iterator[ChangedSolution]:
    leading = _leading(code, call)
    if last_name(call) not in REDUCTIONS or len(call.args) != leading + 1 or literal_integer(call.args[-1]) is None:
        return
    copied = copy.copy(call)
    name = "axis" if _module(code, call) == "numpy" or not code.imports("torch") else "dim"
    copied.args, copied.keywords = call.args[:-1], [ast.keyword(name, call.args[-1]), *call.keywords]
    yield code.change(BY_KEYWORD, call, copied)


def _as_function(code: SolutionCode, call: ast.Call) -> Iterator[ChangedSolution]:
    assert isinstance(call.func, ast.Attribute)
    torch = code.imports("torch")
    if (
        torch is None
        or code.library() != torch
        or _module(code, call)
        or last_name(call) not in REDUCTIONS | ELEMENTWISE
    ):
        return
    function = ast.Attribute(ast.Name(torch, ast.Load()), call.func.attr, ast.Load())
    yield code.change(AS_FUNCTION, call, ast.Call(function, [call.func.value, *call.args], call.keywords))


def _as_method(code: SolutionCode, call: ast.Call) -> Iterator[ChangedSolution]:
    if _module(code, call) != "torch" or last_name(call) not in REDUCTIONS | ELEMENTWISE or not call.args:
        return
    owner, *rest = call.args
    if not isinstance(owner, ast.Constant | ast.Tuple | ast.List | ast.Starred):
        method = ast.Attribute(owner, last_name(call), ast.Load())
        yield code.change(AS_METHOD, call, ast.Call(method, rest, call.keywords))

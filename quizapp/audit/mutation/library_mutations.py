"""Another function of the same library: the median for the mean, the smallest for the largest, another order."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping

from quizapp.audit.mutation.mutations import Mutation
from quizapp.audit.solution_code import SolutionCode
from quizapp.grading.code_changes.code_tree import last_name

REDUCTIONS = {
    "mean": "median",
    "median": "mean",
    "nanmean": "nanmedian",
    "sum": "mean",
    "nansum": "nanmean",
    "prod": "sum",
    "cumsum": "cumprod",
    "max": "min",
    "min": "max",
    "amax": "amin",
    "amin": "amax",
    "argmax": "argmin",
    "argmin": "argmax",
    "idxmax": "idxmin",
    "idxmin": "idxmax",
    "maximum": "minimum",
    "minimum": "maximum",
    "any": "all",
    "all": "any",
    "nlargest": "nsmallest",
    "nsmallest": "nlargest",
    "first": "last",
    "last": "first",
    "head": "tail",
    "tail": "head",
}
"""Name of a function or method -> one that is confused with it."""

BUILTINS = frozenset({"max", "min", "any", "all"})

NAMED_IN_TEXT = frozenset({"agg", "aggregate", "transform", "apply", "resample", "scatter_reduce", "scatter_reduce_"})
LOSS_REDUCTIONS = {"mean": "sum", "sum": "mean", "none": "mean"}
NAMING_KEYWORDS = {"aggfunc": REDUCTIONS, "func": REDUCTIONS, "reduce": REDUCTIONS, "reduction": LOSS_REDUCTIONS}
"""Keyword whose value is the name of a reduction -> name -> one that is confused with it."""

LOSSES = frozenset(
    [
        *("mse_loss", "l1_loss", "cross_entropy", "nll_loss", "binary_cross_entropy", "smooth_l1_loss", "huber_loss"),
        *("binary_cross_entropy_with_logits", "kl_div", "MSELoss", "L1Loss", "CrossEntropyLoss", "NLLLoss", "BCELoss"),
        *("BCEWithLogitsLoss", "SmoothL1Loss", "HuberLoss", "KLDivLoss"),
    ]
)
SPREADS = frozenset({"std", "var"})
ORDERS = {"sorted": "reverse", "argsort": "descending", "sort": "descending", "sort_values": "ascending"}
"""Function that sorts -> its keyword for the other order."""


def library_mutations(node: ast.expr, code: SolutionCode) -> Iterator[Mutation]:
    """Yield the calls of another function that `node` may be confused with."""
    if not isinstance(node, ast.Call):
        return
    yield from _other_reduction(node)
    yield from _other_name_in_text(node)
    yield from _summed_loss(node)
    yield from _other_spread(node, code)
    yield from _other_order(node, code)


def _other_reduction(call: ast.Call) -> Iterator[Mutation]:
    other = REDUCTIONS.get(last_name(call))
    if other is None or (isinstance(call.func, ast.Name) and call.func.id not in BUILTINS):
        return
    if isinstance(call.func, ast.Attribute) and last_name(call.func.value) == "self":
        return
    changed: ast.expr = _with_function(call, other)
    if other == "median" and any(keyword.arg == "dim" for keyword in call.keywords):
        changed = ast.Attribute(changed, "values", ast.Load())
    yield "function swapped", changed


def _with_function(call: ast.Call, name: str) -> ast.Call:
    copied = copy.copy(call)
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    copied.func = ast.Attribute(owner, name, ast.Load()) if owner else ast.Name(name, ast.Load())
    return copied


def _other_name_in_text(call: ast.Call) -> Iterator[Mutation]:
    """Yield `agg("median")` for `agg("mean")`, `reduction="mean"` for `reduction="sum"`."""
    for index, argument in enumerate(call.args):
        if last_name(call) in NAMED_IN_TEXT and (other := _other_text(argument, REDUCTIONS)):
            copied = copy.copy(call)
            copied.args = [*call.args[:index], other, *call.args[index + 1 :]]
            yield "function swapped", copied
    for index, keyword in enumerate(call.keywords):
        names = NAMING_KEYWORDS.get(keyword.arg or "", {})
        if other := _other_text(keyword.value, names):
            changed = ast.keyword(keyword.arg, other)
            yield (
                "function swapped",
                _with_keywords(call, [*call.keywords[:index], changed, *call.keywords[index + 1 :]]),
            )


def _other_text(node: ast.expr, names: Mapping[str, str]) -> ast.expr | None:
    other = names.get(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
    return ast.Constant(other) if other else None


def _with_keywords(call: ast.Call, keywords: list[ast.keyword]) -> ast.Call:
    copied = copy.copy(call)
    copied.keywords = keywords
    return copied


def _with_keyword(call: ast.Call, name: str, value: str | int) -> ast.Call:
    return _with_keywords(call, [*call.keywords, ast.keyword(name, ast.Constant(value))])


def _summed_loss(call: ast.Call) -> Iterator[Mutation]:
    if last_name(call) in LOSSES and all(keyword.arg != "reduction" for keyword in call.keywords):
        yield "function swapped", _with_keyword(call, "reduction", "sum")


def _other_spread(call: ast.Call, code: SolutionCode) -> Iterator[Mutation]:
    """Yield the standard deviation or variance with the other divisor, n or n - 1."""
    named = {keyword.arg for keyword in call.keywords}
    if last_name(call) not in SPREADS or not isinstance(call.func, ast.Attribute):
        return
    if named & {"correction", "unbiased", "ddof"}:
        return
    owner = code.aliases.get(last_name(call.func.value), "")
    libraries = {owner} if owner else {name for name in ("torch", "numpy", "pandas") if code.imports(name)}
    if libraries == {"torch"}:
        yield "divisor changed", _with_keyword(call, "correction", 0)
    elif libraries == {"numpy"}:
        yield "divisor changed", _with_keyword(call, "ddof", 1)
    elif libraries == {"pandas"}:
        yield "divisor changed", _with_keyword(call, "ddof", 0)


def _other_order(call: ast.Call, code: SolutionCode) -> Iterator[Mutation]:
    """Yield the reverse order where the call leaves the order to the default; a flag changes as a constant."""
    keyword = ORDERS.get(last_name(call))
    if keyword is None or {found.arg for found in call.keywords} & {"descending", "reverse", "ascending"}:
        return
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if owner is None and last_name(call) != "sorted":
        return
    if owner is not None and code.aliases.get(last_name(owner)) == "numpy":
        reverse = ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1)))
        yield "order reversed", ast.Subscript(call, reverse, ast.Load())
    else:
        is_statement = isinstance(code.parent(call), ast.Expr)
        yield "order reversed", _with_keyword(call, "reverse" if is_statement else keyword, keyword != "ascending")

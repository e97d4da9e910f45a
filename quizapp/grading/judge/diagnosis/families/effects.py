"""Side effects and ties of a result: views and copies, the autograd graph, given values changed in place.

The meaning of a True or a None follows from the check's own expression.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from quizapp.grading.judge.compare.compare import compare
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.diagnosis.evidence import Explanation
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.values.model import Value

VIEW_EXPECTED = Explanation(Mistake.COPY, "it is a copy instead of a view: it does not share memory with its source")
COPY_EXPECTED = Explanation(Mistake.VIEW, "it is a view instead of a copy: it shares memory with its source")
GRAPH_CUT = Explanation(
    Mistake.GRAPH_CUT,
    "it is cut from the autograd graph: detached, computed under `no_grad`, or rebuilt as a new tensor",
)
GRAPH_ATTACHED = Explanation(Mistake.GRAPH_ATTACHED, "it is still attached to the autograd graph: `detach` cuts it off")
NO_GRADIENT = Explanation(Mistake.NO_GRADIENT, "there is no gradient: the graph is cut, or `backward` was not called")
GRADIENT_LEFT = Explanation(
    Mistake.GRADIENT_LEFT, "there is a gradient where there should be none: `zero_grad` was not called, or too early"
)


def explain(
    see: str, got: Value, expected: Value, given: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[Explanation]:
    """Explain a mismatch by the check's expression `see` and by the given values before and after the answer."""
    node = _parse(see)
    if node is None:
        return
    yield from _explain_given(node, got, expected, given)
    if got.kind == expected.kind == "bool":
        yield from _explain_bool(node, bool(got.data), given, after)
    elif isinstance(node, ast.Attribute) and node.attr == "grad" and "none" in (got.kind, expected.kind):
        yield NO_GRADIENT if got.kind == "none" else GRADIENT_LEFT
    elif isinstance(node, ast.Attribute) and node.attr == "grad_fn" and "none" in (got.kind, expected.kind):
        yield GRAPH_CUT if got.kind == "none" else GRAPH_ATTACHED


def _parse(see: str) -> ast.expr | None:
    try:
        return ast.parse(see.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _explain_bool(
    node: ast.expr, got: bool, given: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[Explanation]:
    """Explain a True where False is expected, or the reverse."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from _explain_bool(node.operand, not got, given, after)
        return
    match node:
        case ast.Call(func=ast.Name(id="shares_memory")) | ast.Call(func=ast.Attribute(attr="is_set_to")):
            yield COPY_EXPECTED if got else VIEW_EXPECTED
        case ast.Attribute(attr="requires_grad"):
            yield GRAPH_ATTACHED if got else GRAPH_CUT
        case ast.Call(func=ast.Attribute(attr="is_contiguous")) if not got:
            yield Explanation(Mistake.NOT_CONTIGUOUS, "it is not contiguous in memory: call `.contiguous()`")
        case ast.Call(func=ast.Attribute(attr="equal" | "allclose")) if not got:
            yield from _explain_changed_operand(node, given, after)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            yield from _explain_comparison(left, operator, right, got)


def _explain_comparison(left: ast.expr, operator: ast.cmpop, right: ast.expr, got: bool) -> Iterator[Explanation]:
    is_equal = got == isinstance(operator, ast.Is | ast.Eq)
    if not isinstance(operator, ast.Is | ast.IsNot | ast.Eq | ast.NotEq):
        return
    if _calls(left, "data_ptr") and _calls(right, "data_ptr"):
        yield COPY_EXPECTED if is_equal else VIEW_EXPECTED
    elif isinstance(right, ast.Constant) and right.value is None and isinstance(left, ast.Attribute):
        by_attribute = {
            "grad_fn": (GRAPH_CUT, GRAPH_ATTACHED),
            "grad": (NO_GRADIENT, GRADIENT_LEFT),
            "_base": (VIEW_EXPECTED, COPY_EXPECTED),
        }
        if left.attr in by_attribute:
            yield by_attribute[left.attr][0 if is_equal else 1]
    elif isinstance(left, ast.Attribute) and left.attr == "_base":
        yield COPY_EXPECTED if is_equal else VIEW_EXPECTED
    elif isinstance(operator, ast.Is | ast.IsNot) and isinstance(left, ast.Name) and isinstance(right, ast.Name):
        clause = "the same object instead of a new one" if is_equal else "a new object instead of the same one"
        yield Explanation(Mistake.IDENTITY, f"it is {clause}")


def _calls(node: ast.expr, method: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method


def _explain_given(node: ast.expr, got: Value, expected: Value, given: Mapping[str, Value]) -> Iterator[Explanation]:
    """Explain a check of a given value itself: changed by mistake, or not changed."""
    if not isinstance(node, ast.Name) or node.id not in given:
        return
    before = given[node.id]
    if _agree(expected, before) and not _agree(got, before):
        clause = f"`{node.id}` was changed, in place or by rebinding, but should stay as it was"
        yield Explanation(Mistake.ARGUMENT_CHANGED, clause)
    elif _agree(got, before):
        yield Explanation(Mistake.NOT_CHANGED_IN_PLACE, f"`{node.id}` is unchanged, but should be changed")


def _explain_changed_operand(
    node: ast.expr, given: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[Explanation]:
    """Explain two operands that should be equal, if one of them is a given value that was changed in place."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    for name in sorted(names & given.keys() & after.keys()):
        if not _agree(after[name], given[name]):
            yield Explanation(Mistake.ARGUMENT_CHANGED, f"`{name}` was changed in place")
            return


def _agree(got: Value, expected: Value) -> bool:
    return compare(got, expected, ComparisonOptions()) is None

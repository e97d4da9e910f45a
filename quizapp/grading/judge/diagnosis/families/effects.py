"""What a result is tied to: views and copies, the graph of gradients, given values changed in place.

The check's own expression says what a True or a None is about.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from quizapp.grading.judge.compare.compare import compare
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.diagnosis.evidence import Explanation
from quizapp.sandbox.values.model import Value

VIEW_ASKED = Explanation("copy", "it is a copy where a view was asked: it shares no memory with what it was made from")
COPY_ASKED = Explanation("view", "it is a view where a copy was asked: it shares memory with what it was made from")
CUT = Explanation("graph-cut", "it is cut from the graph of gradients: detached, made under `no_grad`, or made anew")
ATTACHED = Explanation("graph-attached", "it is still attached to the graph of gradients: `detach` cuts it off")
NO_GRADIENT = Explanation(
    "no-gradient", "no gradient has arrived: the graph is cut on the way, or `backward` was not called"
)
GRADIENT = Explanation(
    "gradient-left", "there is a gradient where there should be none: `zero_grad` was not called, or too early"
)


def fits(
    see: str, got: Value, expected: Value, given: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[Explanation]:
    """What the check's expression says of a difference."""
    node = _expression(see)
    if node is None:
        return
    yield from _changed(node, got, expected, given, after)
    if got.kind == expected.kind == "bool":
        yield from _truth(node, bool(got.data), given, after)
    elif isinstance(node, ast.Attribute) and node.attr == "grad" and "none" in (got.kind, expected.kind):
        yield NO_GRADIENT if got.kind == "none" else GRADIENT
    elif isinstance(node, ast.Attribute) and node.attr == "grad_fn" and "none" in (got.kind, expected.kind):
        yield CUT if got.kind == "none" else ATTACHED


def _expression(see: str) -> ast.expr | None:
    try:
        return ast.parse(see.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _truth(node: ast.expr, got: bool, given: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[Explanation]:
    """A bool that was expected to be the other one."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from _truth(node.operand, not got, given, after)
        return
    match node:
        case ast.Call(func=ast.Name(id="shares_memory")) | ast.Call(func=ast.Attribute(attr="is_set_to")):
            yield COPY_ASKED if got else VIEW_ASKED
        case ast.Attribute(attr="requires_grad"):
            yield ATTACHED if got else CUT
        case ast.Call(func=ast.Attribute(attr="is_contiguous")) if not got:
            yield Explanation("not-contiguous", "it is not contiguous in memory: `.contiguous()` makes it so")
        case ast.Call(func=ast.Attribute(attr="equal" | "allclose")) if not got:
            yield from _spoilt(node, given, after)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            yield from _compared(left, operator, right, got)


def _compared(left: ast.expr, operator: ast.cmpop, right: ast.expr, got: bool) -> Iterator[Explanation]:
    same = got == isinstance(operator, ast.Is | ast.Eq)
    if not isinstance(operator, ast.Is | ast.IsNot | ast.Eq | ast.NotEq):
        return
    if _calls(left, "data_ptr") and _calls(right, "data_ptr"):
        yield COPY_ASKED if same else VIEW_ASKED
    elif isinstance(right, ast.Constant) and right.value is None and isinstance(left, ast.Attribute):
        about = {"grad_fn": (CUT, ATTACHED), "grad": (NO_GRADIENT, GRADIENT), "_base": (VIEW_ASKED, COPY_ASKED)}
        if left.attr in about:
            yield about[left.attr][0 if same else 1]
    elif isinstance(left, ast.Attribute) and left.attr == "_base":
        yield COPY_ASKED if same else VIEW_ASKED
    elif isinstance(operator, ast.Is | ast.IsNot) and isinstance(left, ast.Name) and isinstance(right, ast.Name):
        words = "the same object where a new one was asked" if same else "a new object where the same one was asked"
        yield Explanation("identity", f"it is {words}")


def _calls(node: ast.expr, method: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method


def _changed(
    node: ast.expr, got: Value, expected: Value, given: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[Explanation]:
    """A given value that is seen itself: changed in place, or left as it was."""
    if not isinstance(node, ast.Name) or node.id not in given:
        return
    before = given[node.id]
    if _agree(expected, before) and not _agree(got, before):
        yield Explanation(
            "changed-in-place", f"`{node.id}` was changed, in place or by a new binding, and it had to stay as it was"
        )
    elif _agree(got, before):
        yield Explanation("not-changed-in-place", f"`{node.id}` is as it was given: it had to be changed")


def _spoilt(node: ast.expr, given: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[Explanation]:
    """Two values that had to be equal are not, and a given one among them is not what it was."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    for name in sorted(names & given.keys() & after.keys()):
        if not _agree(after[name], given[name]):
            yield Explanation("changed-in-place", f"`{name}` was changed in place")
            return


def _agree(one: Value, other: Value) -> bool:
    return compare(one, other, ComparisonOptions()) is None

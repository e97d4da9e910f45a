"""Changes of the operands of an operator: left out, exchanged, grouped in another way."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from quizapp.grading.code_changes.code_tree import CodeTree, names_in
from quizapp.grading.code_changes.edits import Edit, Said, change, shown
from quizapp.grading.mistake import Mistake

OMITTED: Mapping[type[ast.operator], tuple[Mistake, str]] = {
    ast.Add: (Mistake.LEFT_OUT, "a term is not added"),
    ast.Sub: (Mistake.LEFT_OUT, "a term is not subtracted"),
    ast.Mult: (Mistake.LEFT_OUT, "a factor is missing"),
    ast.Div: (Mistake.LEFT_OUT, "it is not divided: a division is missing"),
    ast.MatMult: (Mistake.LEFT_OUT, "a matrix product is missing"),
    ast.Pow: (Mistake.SQUARE_SQRT, "a power is missing"),
    ast.BitAnd: (Mistake.CONDITION, "one of the conditions is missing"),
    ast.BitOr: (Mistake.CONDITION, "one of the conditions is missing"),
}


def operand_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield the changes of the operands at one node."""
    if isinstance(node, ast.BinOp):
        yield from _without_operand(node)
        yield from _exchanged_factors(node)
        yield from _regrouped(node)


def _without_operand(node: ast.BinOp) -> Iterator[Edit]:
    for kept, dropped in ((node.left, node.right), (node.right, node.left)):
        if isinstance(kept, ast.Constant) or (isinstance(node.op, ast.Pow) and kept is node.right):
            continue
        yield change(node, kept, _superfluous(node, dropped), _omitted(node, dropped))


def _superfluous(node: ast.BinOp, dropped: ast.expr) -> Said:
    mark, text = _symbol(node.op), ast.unparse(dropped)
    sentence = f"`{f'{mark} {text}' if dropped is node.right else f'{text} {mark}'}` should not be there"
    is_sum = isinstance(node.op, ast.Add | ast.Sub)
    is_one = is_sum and dropped is node.right and isinstance(dropped, ast.Constant) and dropped.value == 1
    return Mistake.OFF_BY_ONE if is_one else Mistake.EXTRA_TERM, sentence


def _omitted(node: ast.BinOp, dropped: ast.expr) -> Said | None:
    if isinstance(node.op, ast.Add | ast.Sub) and isinstance(dropped, ast.Constant):
        if dropped is node.left and isinstance(node.op, ast.Sub):
            return Mistake.LEFT_OUT, f"a value is not subtracted from {dropped.value!r}"
        if dropped.value == 1:
            return Mistake.OFF_BY_ONE, "a number is off by one"
    if isinstance(node.op, ast.Add) and _is_bias(dropped):
        return Mistake.MISSING_BIAS, "the bias is not added"
    if isinstance(node.op, ast.Mult | ast.Div) and isinstance(dropped, ast.Constant):
        return Mistake.SCALED, f"the constant factor is missing: `{_symbol(node.op)} {ast.unparse(dropped)}`"
    if isinstance(node.op, ast.Div) and _is_root(dropped):
        return Mistake.WRONG_SCALE, "the division by a square root is missing"
    return OMITTED.get(type(node.op))


def _is_bias(node: ast.expr) -> bool:
    return any(name in ("b", "bias") or name.endswith("bias") for name in (*names_in(node), *_attributes(node)))


def _attributes(node: ast.expr) -> set[str]:
    return {found.attr for found in ast.walk(node) if isinstance(found, ast.Attribute)}


def _is_root(node: ast.expr) -> bool:
    return "sqrt" in ast.unparse(node) or "** 0.5" in ast.unparse(node)


def _exchanged_factors(node: ast.BinOp) -> Iterator[Edit]:
    """Yield `b * x + a * y` for `a * x + b * y`."""
    match node:
        case ast.BinOp(
            left=ast.BinOp(left=a, op=ast.Mult(), right=b),
            op=ast.Add() | ast.Sub(),
            right=ast.BinOp(left=c, op=ast.Mult(), right=d),
        ):
            for first, second in ((a, c), (b, d), (a, d), (b, c)):
                said = Mistake.EXCHANGED, f"{shown(first)} and {shown(second)} are exchanged"
                imitated = Mistake.EXCHANGED, "two factors are exchanged"
                yield Edit({first: second, second: first}, node.lineno, said, imitated)


def _regrouped(node: ast.BinOp) -> Iterator[Edit]:
    """Yield `(a - b) / c` for `a - b / c`, and the reverse."""
    text = "parentheses are missing, or in the wrong place"
    said = Mistake.PRECEDENCE, f"{shown(node)}: {text}"
    left, right = node.left, node.right
    if isinstance(right, ast.BinOp):
        new = ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right)
        yield change(node, new, said, (Mistake.PRECEDENCE, text))
    if isinstance(left, ast.BinOp):
        new = ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right))
        yield change(node, new, said, (Mistake.PRECEDENCE, text))


def _symbol(operation: ast.operator) -> str:
    return ast.unparse(ast.BinOp(ast.Name("a"), operation, ast.Name("b"))).split()[1]

"""Changes of arithmetic operators, signs and roots."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from quizapp.grading.code_changes.code_tree import CodeTree, last_name
from quizapp.grading.code_changes.edits import MINUS_INFINITY, Edit, Said, change, method_call, number, shown
from quizapp.grading.mistake import Mistake

ARITHMETIC: Mapping[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.MatMult, ast.Pow, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
ORDERED = (ast.Sub, ast.Div, ast.Pow, ast.MatMult, ast.FloorDiv, ast.Mod)
"""Operators whose operands have an order."""

OF_CONSTANTS = ({ast.Add, ast.Sub}, {ast.Mult, ast.Div}, {ast.Div, ast.FloorDiv}, {ast.FloorDiv, ast.Mod})
"""Operators that are taken for one another if an operand is a constant: others agree by accident only."""

CONFUSED = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.BitAnd, ast.BitOr)
"""Operators that an answer may contain in place of the right one; others agree with it by accident only."""

SQUARES = ("var", "square", "pow", "**", "sum", "mean", "norm")
"""Parts of the code of a divisor that is no size."""

SIZES = ("shape", "size", "len(", "dim", "numel")
"""Parts of the code of a divisor that is a size."""

STEP_WORDS = ("grad", "lr", "learning_rate", "rate", "step_size", "eta")


def operator_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield the changes of the operator at one node, and of the sign and the root of a result."""
    match node:
        case ast.BinOp():
            yield from _scaled(node)
            yield from _calculated(node)
        case ast.AugAssign():
            yield from _accumulated(node)
        case ast.UnaryOp(op=ast.USub(), operand=value) if not isinstance(value, ast.Constant):
            repaired = Mistake.SIGN, f"the minus sign of {shown(node)} is wrong"
            yield change(node, value, repaired, (Mistake.SIGN, "a minus sign is missing"))
        case ast.FunctionDef():
            yield from _all_roots(node)


def result_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield a result negated, or with one more function applied to it."""
    if not isinstance(node, ast.Return) or not isinstance(node.value, ast.BinOp | ast.Call | ast.Name):
        return
    value = node.value
    said = Mistake.SIGN, f"{shown(value)} has the wrong sign"
    yield change(value, ast.UnaryOp(ast.USub(), value), said, (Mistake.SIGN, "the sign is flipped"))
    for name, mistake, text in MORE_STEPS:
        yield change(value, method_call(value, name), None, (mistake, text))


MORE_STEPS = (
    ("sqrt", Mistake.SQUARE_SQRT, "a square root is taken that should not be"),
    ("square", Mistake.SQUARE_SQRT, "the result is squared, but should not be"),
    ("exp", Mistake.EXP_LOG, "an exponential is taken that should not be"),
    ("log", Mistake.EXP_LOG, "a logarithm is taken that should not be"),
    ("abs", Mistake.ABS, "the absolute value is taken, but should not be"),
    ("relu", Mistake.RELU, "negative results are set to 0, but should not be"),
)
"""(method, mistake, text) of a step that an answer may take in addition."""


def _calculated(node: ast.BinOp) -> Iterator[Edit]:
    has_constant = any(isinstance(side, ast.Constant) for side in (node.left, node.right))
    for other in ARITHMETIC.get(type(node.op), ()):
        if has_constant and {type(node.op), other} not in OF_CONSTANTS:
            continue
        imitated = _operator(node, other, is_answer=False) if other in CONFUSED else None
        yield change(node, ast.BinOp(node.left, other(), node.right), _operator(node, other), imitated)
    if isinstance(node.op, ORDERED) and not has_constant:
        repaired = Mistake.OPERANDS, f"the operands of {shown(node)} are in the wrong order"
        imitated = Mistake.OPERANDS, "the operands are in the wrong order"
        yield change(node, ast.BinOp(node.right, node.op, node.left), repaired, imitated)
    if isinstance(node.op, ast.Mult):
        # A mask that multiplies scores leaves weight behind, because exp(0) is 1.
        for mask in (node.right, node.left):
            score = node.left if mask is node.right else node.right
            filled = method_call(score, "masked_fill", ast.Compare(mask, [ast.Eq()], [number(0)]), MINUS_INFINITY)
            text = f"{shown(node)} sets the masked scores to 0, to which a softmax still gives weight"
            yield change(node, filled, (Mistake.MASK_FILL, text), None)


def _operator(node: ast.BinOp | ast.AugAssign, other: type[ast.operator], *, is_answer: bool = True) -> Said:
    """Return the mistake of a wrong arithmetic operator."""
    is_sum = isinstance(node.op, ast.Add | ast.Sub) and other in (ast.Add, ast.Sub)
    right = node.value if isinstance(node, ast.AugAssign) else node.right
    text = ast.unparse(right).lower()
    if is_sum and any(word in text for word in STEP_WORDS):
        where = f"{shown(node)} steps" if is_answer else "each step goes"
        return Mistake.STEP_DIRECTION, f"{where} in the wrong direction along the gradient"
    if isinstance(node.op, ast.BitAnd | ast.BitOr):
        return (
            Mistake.CONDITION,
            f"{'the conditions' if not is_answer else shown(node)} are combined by the wrong one of & and |",
        )
    kind = Mistake.SIGN if is_sum else Mistake.OPERANDS
    return kind, f"{shown(node)} uses the wrong operator" if is_answer else "an operator is the wrong one"


def _scaled(node: ast.BinOp) -> Iterator[Edit]:
    """Yield a division by the square root instead of the size, and the reverse."""
    if not isinstance(node.op, ast.Div) or isinstance(node.right, ast.Constant):
        return
    root = _without_root(node.right)
    divisor = ast.unparse(root or node.right)
    is_square = any(word in divisor for word in SQUARES)
    is_size = not is_square and (divisor.isidentifier() or any(word in divisor for word in SIZES))
    kind = Mistake.WRONG_SCALE if is_size else Mistake.SQUARE_SQRT
    missing = kind, "it is divided by a size, not by its square root" if is_size else "the divisor lacks a square root"
    if root is not None:
        extra = kind, f"the divisor of {shown(node)} should have no square root"
        yield change(node, ast.BinOp(node.left, node.op, root), extra, missing)
    else:
        power = ast.BinOp(node.right, ast.Pow(), number(0.5))
        said = kind, f"the divisor of {shown(node)} lacks a square root"
        yield change(node, ast.BinOp(node.left, node.op, power), said, None)


def _without_root(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.Call(func=ast.Attribute(attr="sqrt"), args=[inner]):
            return inner
        case ast.Call(func=ast.Attribute(value=inner, attr="sqrt"), args=[]):
            return inner
        case ast.BinOp(left=inner, op=ast.Pow(), right=ast.Constant(value=0.5)):
            return inner
    return None


def _all_roots(function: ast.FunctionDef) -> Iterator[Edit]:
    """Yield the function with the square root of each of its sums or means, such as two distances."""
    for name in ("sum", "mean"):
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and last_name(node) == name]
        if len(calls) > 1:
            said = Mistake.SQUARE_SQRT, f"a square root is missing after each `{name}` of squares"
            yield Edit({call: method_call(call, "sqrt") for call in calls}, calls[0].lineno, said)


def _accumulated(node: ast.AugAssign) -> Iterator[Edit]:
    """Yield `x += y` with another operator, and as `x = y`."""
    for other in ARITHMETIC.get(type(node.op), ())[:1]:
        changed = ast.AugAssign(node.target, other(), node.value)
        yield change(node, changed, _operator(node, other), _operator(node, other, is_answer=False))
    plain = ast.Assign([node.target], node.value)
    text = "a value is overwritten in each round instead of added to"
    yield change(node, plain, (Mistake.EXTRA_TERM, f"{shown(node)} adds to a value"), (Mistake.LEFT_OUT, text))

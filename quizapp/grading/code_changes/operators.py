"""Changes of operators and operands: comparisons, arithmetic, signs, conditions, terms and factors."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from quizapp.grading.code_changes.code_tree import CodeTree, last_name, names_in
from quizapp.grading.code_changes.edits import Edit, Said, change, method_call, number, shown
from quizapp.grading.mistake import Mistake

BOUNDARY: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
REVERSED: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.Gt, ast.GtE),
    ast.LtE: (ast.GtE, ast.Gt),
    ast.Gt: (ast.Lt, ast.LtE),
    ast.GtE: (ast.LtE, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
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
SQUARES = ("var", "square", "pow", "**", "sum", "mean", "norm")
"""Parts of the code of a divisor that is no size."""

STEP_WORDS = ("grad", "lr", "learning_rate", "rate", "step_size", "eta")


def operator_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield the changes of the operator and of the operands at one node."""
    match node:
        case ast.Compare(ops=[_], comparators=[_]):
            yield from _compared(node)
        case ast.BinOp():
            yield from _scaled(node)
            yield from _without_operand(node)
            yield from _calculated(node)
            yield from _exchanged_factors(node)
            yield from _regrouped(node)
        case ast.AugAssign():
            yield from _accumulated(node)
        case ast.UnaryOp(op=ast.USub(), operand=value) if not isinstance(value, ast.Constant):
            repaired = Mistake.SIGN, f"the minus sign of {shown(node)} is wrong"
            yield change(node, value, repaired, (Mistake.SIGN, "a minus sign is missing"))
        case ast.UnaryOp(op=ast.Invert() | ast.Not(), operand=value):
            yield change(node, value, _inverted(node), _inverted(None))
        case ast.FunctionDef():
            yield from _all_roots(node)
        case ast.BoolOp(op=operation, values=values):
            yield from _combined(node, operation, values)


def _compared(node: ast.Compare) -> Iterator[Edit]:
    kind = type(node.ops[0])
    if _is_nan(node.comparators[0]) or _is_nan(node.left):
        return
    if other := BOUNDARY.get(kind):
        repaired = Mistake.BOUNDARY, f"{shown(node)} treats the boundary value wrongly"
        imitated = Mistake.BOUNDARY, "a comparison treats the boundary value wrongly"
        yield change(node, ast.Compare(node.left, [other()], node.comparators), repaired, imitated)
    for reverse in REVERSED.get(kind, ()):
        repaired = Mistake.COMPARISON, f"{shown(node)} compares the wrong way round"
        imitated = Mistake.COMPARISON, "a comparison is the wrong way round"
        yield change(node, ast.Compare(node.left, [reverse()], node.comparators), repaired, imitated)


def _is_nan(node: ast.expr) -> bool:
    text = ast.unparse(node).lower()
    return text.endswith(("nan", "nan')"))


def _calculated(node: ast.BinOp) -> Iterator[Edit]:
    for other in ARITHMETIC.get(type(node.op), ()):
        imitated = _operator(node, other, is_answer=False) if other in CONFUSED else None
        yield change(node, ast.BinOp(node.left, other(), node.right), _operator(node, other), imitated)
    if isinstance(node.op, ORDERED):
        repaired = Mistake.OPERANDS, f"the operands of {shown(node)} are in the wrong order"
        imitated = Mistake.OPERANDS, "the operands are in the wrong order"
        yield change(node, ast.BinOp(node.right, node.op, node.left), repaired, imitated)
    if isinstance(node.op, ast.Mult):
        # A mask that multiplies scores leaves weight behind, because exp(0) is 1.
        for mask in (node.right, node.left):
            score = node.left if mask is node.right else node.right
            filled = method_call(
                score,
                "masked_fill",
                ast.Compare(mask, [ast.Eq()], [number(0)]),
                ast.parse("float('-inf')", mode="eval").body,
            )
            text = f"{shown(node)} sets the masked scores to 0, to which a softmax still gives weight"
            yield change(node, filled, (Mistake.MASK_FILL, text), None)


CONFUSED = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.BitAnd, ast.BitOr)
"""Operators that an answer may contain in place of the right one; others agree with it by accident only."""


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


def _without_operand(node: ast.BinOp) -> Iterator[Edit]:
    for kept, dropped in ((node.left, node.right), (node.right, node.left)):
        if isinstance(kept, ast.Constant) or (isinstance(node.op, ast.Pow) and kept is node.right):
            continue
        yield change(node, kept, _superfluous(node, dropped), _omitted(node, dropped))


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


def _superfluous(node: ast.BinOp, dropped: ast.expr) -> Said:
    mark, text = _symbol(node.op), ast.unparse(dropped)
    sentence = f"`{f'{mark} {text}' if dropped is node.right else f'{text} {mark}'}` should not be there"
    is_sum = isinstance(node.op, ast.Add | ast.Sub)
    is_one = is_sum and dropped is node.right and isinstance(dropped, ast.Constant) and dropped.value == 1
    return Mistake.OFF_BY_ONE if is_one else Mistake.EXTRA_TERM, sentence


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


def _omitted(node: ast.BinOp, dropped: ast.expr) -> Said | None:
    if isinstance(node.op, ast.Add | ast.Sub) and isinstance(dropped, ast.Constant):
        if dropped is node.left and isinstance(node.op, ast.Sub):
            return Mistake.LEFT_OUT, f"it is not subtracted from {dropped.value!r}"
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


def _scaled(node: ast.BinOp) -> Iterator[Edit]:
    """Yield a division by the square root instead of the size, and the reverse."""
    if not isinstance(node.op, ast.Div) or isinstance(node.right, ast.Constant):
        return
    root = _without_root(node.right)
    kind, text = Mistake.WRONG_SCALE, "it is divided by a size instead of its square root, or vice versa"
    if any(word in ast.unparse(node.right) for word in SQUARES):
        kind, text = Mistake.SQUARE_SQRT, "a square root is missing in the divisor, or one too many"
    said = kind, f"{shown(node)}: {text}"
    if root is not None:
        yield change(node, ast.BinOp(node.left, node.op, root), said, (kind, text))
    else:
        power = ast.BinOp(node.right, ast.Pow(), number(0.5))
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


def _inverted(node: ast.expr | None) -> Said:
    where = shown(node) if node else "a mask or a condition"
    return Mistake.MASK_INVERTED, f"{where} selects the opposite"


def _combined(node: ast.BoolOp, operation: ast.boolop, values: list[ast.expr]) -> Iterator[Edit]:
    other = ast.Or() if isinstance(operation, ast.And) else ast.And()
    repaired = Mistake.CONDITION, f"{shown(node)} combines its conditions by the wrong one of `and` and `or`"
    imitated = Mistake.CONDITION, "the conditions are combined by the wrong one of `and` and `or`"
    yield change(node, ast.BoolOp(other, values), repaired, imitated)
    for index in range(len(values) if len(values) > 1 else 0):
        kept = [*values[:index], *values[index + 1 :]]
        new = kept[0] if len(kept) == 1 else ast.BoolOp(operation, kept)
        repaired = Mistake.CONDITION, f"{shown(values[index])} should not be among the conditions"
        yield change(node, new, repaired, (Mistake.CONDITION, "one of the conditions is missing"))


def inversion_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield masks and conditions inverted, and values negated, where the program does not do that."""
    match node:
        case ast.Call(func=ast.Attribute(attr="masked_fill" | "masked_fill_"), args=[mask, _]):
            said = Mistake.TRIANGLE, f"{shown(mask)} hides the wrong triangle"
            imitated = Mistake.TRIANGLE, "the mask hides the wrong triangle"
            yield change(mask, ast.Attribute(mask, "mT", ast.Load()), said, imitated)
        case ast.Call(func=ast.Attribute(attr="where"), args=[mask, *_]):
            pass
        case ast.Call(func=ast.Attribute(attr="masked_select"), args=[*_, mask]):
            pass
        case ast.Subscript(slice=ast.Name() | ast.Compare() | ast.Call() | ast.BinOp() as mask):
            pass
        case ast.If(test=mask) | ast.While(test=mask) | ast.IfExp(test=mask):
            said = Mistake.CONDITION, f"the condition {shown(mask)} is the opposite of the right one"
            yield change(mask, ast.UnaryOp(ast.Not(), mask), said, _inverted(None))
            return
        case ast.Return(value=ast.expr() as value) if isinstance(value, ast.BinOp | ast.Call | ast.Name):
            said = Mistake.SIGN, f"{shown(value)} has the wrong sign"
            yield change(value, ast.UnaryOp(ast.USub(), value), said, (Mistake.SIGN, "the sign is flipped"))
            yield from _with_a_step_more(value)
            return
        case _:
            return
    yield change(mask, ast.UnaryOp(ast.Invert(), mask), _inverted(mask), None)


def _with_a_step_more(value: ast.expr) -> Iterator[Edit]:
    """Yield a result with one more function applied to it."""
    for name, mistake, text in (
        ("sqrt", Mistake.SQUARE_SQRT, "a square root is taken that should not be"),
        ("square", Mistake.SQUARE_SQRT, "the result is squared, but should not be"),
        ("exp", Mistake.EXP_LOG, "an exponential is taken that should not be"),
        ("log", Mistake.EXP_LOG, "a logarithm is taken that should not be"),
        ("abs", Mistake.ABS, "the absolute value is taken, but should not be"),
        ("relu", Mistake.RELU, "negative results are set to 0, but should not be"),
    ):
        yield change(value, method_call(value, name), None, (mistake, text))


def nan_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield `x.isnan()` for `x == nan`, which is False everywhere."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return
    for value, nan in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
        if _is_nan(nan) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            said = Mistake.NAN_EQUALITY, f"NaN equals nothing, not even itself, so {shown(node)} never finds one"
            for name in ("isnan", "isna"):
                test: ast.expr = method_call(value, name)
                if isinstance(node.ops[0], ast.NotEq):
                    test = ast.UnaryOp(ast.Invert(), test)
                yield change(node, test, said, None)

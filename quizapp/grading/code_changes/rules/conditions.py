"""Changes of comparisons, conditions and masks."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from quizapp.grading.code_changes.code_tree import CodeTree
from quizapp.grading.code_changes.edits import Edit, Said, change, method_call, shown
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


def condition_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield the changes of a comparison or a combination of conditions, and an inversion left out."""
    match node:
        case ast.Compare(ops=[_], comparators=[_]):
            yield from _compared(node)
        case ast.UnaryOp(op=ast.Invert() | ast.Not(), operand=value):
            yield change(node, value, _inverted(node), _inverted(None))
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


def _inverted(node: ast.expr | None) -> Said:
    where = shown(node) if node else "a mask or a condition"
    return Mistake.MASK_INVERTED, f"{where} selects the opposite"


def _combined(node: ast.BoolOp, operation: ast.boolop, values: list[ast.expr]) -> Iterator[Edit]:
    other = ast.Or() if isinstance(operation, ast.And) else ast.And()
    repaired = Mistake.CONDITION, f"{shown(node)} combines its conditions by the wrong one of `and` and `or`"
    imitated = Mistake.CONDITION, "the conditions are combined by the wrong one of `and` and `or`"
    yield change(node, ast.BoolOp(other, values), repaired, imitated)
    for index in range(len(values)):
        kept = [*values[:index], *values[index + 1 :]]
        new = kept[0] if len(kept) == 1 else ast.BoolOp(operation, kept)
        repaired = Mistake.CONDITION, f"{shown(values[index])} should not be among the conditions"
        yield change(node, new, repaired, (Mistake.CONDITION, "one of the conditions is missing"))


def inversion_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield masks and conditions inverted where the program does not invert them."""
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
        case _:
            return
    yield change(mask, ast.UnaryOp(ast.Invert(), mask), _inverted(mask), None)


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

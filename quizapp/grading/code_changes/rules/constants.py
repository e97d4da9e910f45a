"""Changes of numbers, slices, ranges and lengths."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.grading.code_changes.code_tree import CodeTree, last_name, literal_integer
from quizapp.grading.code_changes.edits import MINUS_INFINITY, Edit, Said, change, number, place, shown, with_argument
from quizapp.grading.mistake import Mistake

FILLING = frozenset({"masked_fill", "masked_fill_", "where", "full", "full_like", "fill_"})


def constant_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield other numbers at one node."""
    if isinstance(node, ast.Call) and last_name(node) in FILLING:
        yield from _other_fill(node)
    elif isinstance(node, ast.Slice):
        yield from _other_slice(node, code)
    elif isinstance(node, ast.Constant | ast.UnaryOp) and not isinstance(code.parent(node), ast.UnaryOp):
        yield from _other_integers(node, code)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        yield from _other_range(node)


def _other_integers(node: ast.expr, code: CodeTree) -> Iterator[Edit]:
    value = literal_integer(node)
    if value is None:
        return
    kind, text = _integer_mistake(node, value, code)
    for other in (value + 1, value - 1):
        yield change(node, number(other), (kind, text), _imitated(kind) if is_counted(node, code) else None)
    if value:
        yield change(node, number(-value), (Mistake.SIGN, f"the sign of {value} in {place(node, code)} is wrong"), None)


def is_counted(node: ast.expr, code: CodeTree) -> bool:
    """Return whether a number is part of an index, a count or a size, where one is easily forgotten."""
    where = code.parent(node)
    if isinstance(where, ast.BinOp):
        return isinstance(where.op, ast.Add | ast.Sub) and where.right is node
    if isinstance(where, ast.Call):
        return last_name(where) in ("range", "enumerate", "arange", "linspace", "tril", "triu", "size", "roll", "shift")
    return isinstance(where, ast.Subscript)


def _integer_mistake(node: ast.expr, value: int, code: CodeTree) -> Said:
    """Return the mistake of an integer that is one too large or too small."""
    where, around = code.parent(node), place(node, code)
    name = last_name(where) if isinstance(where, ast.Call) else ""
    if isinstance(where, ast.Subscript):
        if isinstance(where.value, ast.Attribute) and where.value.attr == "shape":
            return Mistake.WRONG_DIMENSION, f"{around} is the size of the wrong dimension"
        return Mistake.ANOTHER_PART, f"{around} is the wrong element: the index is off by one"
    if name in ("tril", "triu"):
        return Mistake.TRIANGLE_BOUNDARY, f"the diagonal of {around} is off by one"
    if name == "size":
        return Mistake.WRONG_DIMENSION, f"{around} is the size of the wrong dimension"
    if is_counted(node, code):
        return Mistake.OFF_BY_ONE, f"the number {value} in {around} is off by one"
    return Mistake.WRONG_CONSTANT, f"the number {value} in {around} is wrong"


def _imitated(kind: Mistake) -> Said:
    if kind is Mistake.WRONG_DIMENSION:
        return kind, "the size of the wrong dimension is used"
    if kind in (Mistake.WRONG_CONSTANT, Mistake.ANOTHER_PART):
        return kind, "a number is wrong" if kind is Mistake.WRONG_CONSTANT else "an index is off by one"
    return kind, "a number is off by one"


def length_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield a length or a size with one more and one fewer, as in `range(len(x) - k)`."""
    if isinstance(node, ast.FunctionDef):
        yield from _all_lengths(node, code)
    elif isinstance(node, ast.For) and isinstance(node.target, ast.Name) and last_name(node.iter) == "range":
        yield from _beside_the_variable(node, node.target.id)
    elif isinstance(node, ast.expr) and _is_length(node, code):
        for new in _beside(node):
            said = Mistake.OFF_BY_ONE, f"{shown(node)} is one too large or too small"
            yield change(node, new, said, (Mistake.OFF_BY_ONE, "a length is one too large or too small"))


def _beside_the_variable(loop: ast.For, name: str) -> Iterator[Edit]:
    """Yield one more or one fewer than the variable of a loop, at each place where it is read."""
    for node in ast.walk(loop):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            for new in _beside(node):
                said = Mistake.OFF_BY_ONE, f"`{name}` is one too large or too small there"
                yield change(node, new, said, None)


def _all_lengths(function: ast.FunctionDef, code: CodeTree) -> Iterator[Edit]:
    """Yield the function with a length changed wherever it is repeated."""
    lengths: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.expr) and _is_length(node, code):
            lengths.setdefault(ast.unparse(node), []).append(node)
    for text, nodes in lengths.items():
        for index in (0, 1) if len(nodes) > 1 else ():
            new: dict[ast.AST, ast.expr] = {node: list(_beside(node))[index] for node in nodes}
            yield Edit(new, nodes[0].lineno, (Mistake.OFF_BY_ONE, f"`{text}` is one too large or too small"))


def _is_length(node: ast.expr, code: CodeTree) -> bool:
    """Return whether a node is the largest expression of a length, outside further arithmetic."""
    if not isinstance(node, ast.BinOp) or isinstance(code.parent(node), ast.BinOp):
        return False
    return any(word in ast.unparse(node) for word in ("len(", ".shape", ".size"))


def _beside(node: ast.expr) -> Iterator[ast.expr]:
    for by in (ast.Add(), ast.Sub()):
        yield ast.BinOp(node, by, number(1))


def _other_fill(call: ast.Call) -> Iterator[Edit]:
    """Yield the other values that masked elements are filled with."""
    index = len(call.args) - 1
    if index < 0:
        return
    filled = call.args[index]
    said = Mistake.MASK_FILL, f"{shown(call)} fills in the wrong value: a softmax still gives weight to a 0"
    other = Mistake.MASK_FILL, "masked elements are filled with 0, to which a softmax still gives weight"
    if literal_integer(filled) is not None or isinstance(filled, ast.Constant):
        yield change(call, with_argument(call, index, MINUS_INFINITY), said, (Mistake.MASK_FILL, other[1]))
    if "inf" in ast.unparse(filled) or "1e" in ast.unparse(filled):
        yield change(
            call, with_argument(call, index, number(0)), (said[0], f"{shown(call)} fills in the wrong value"), other
        )


def _other_slice(node: ast.Slice, code: CodeTree) -> Iterator[Edit]:
    owner = code.parent(node)
    around = shown(owner) if isinstance(owner, ast.expr) else "a slice"
    line = next(found for found in code.ancestors(node) if isinstance(found, ast.expr)).lineno
    said: Said = (Mistake.OFF_BY_ONE, f"{around} begins or ends one element too early or too late")
    imitated: Said = (Mistake.OFF_BY_ONE, "a slice begins or ends one element too early or too late")
    lower, upper, step = literal_integer(node.lower), literal_integer(node.upper), node.step
    bounds: list[tuple[ast.expr | None, ast.expr | None]] = []
    if lower is not None and lower not in (0, 1):
        bounds += [(number(lower + 1), node.upper), (number(lower - 1), node.upper)]
    if node.lower is None or lower == 0:
        bounds.append((number(1), node.upper))
    if lower == 1:
        bounds += [(None, node.upper), (number(2), node.upper)]
        if node.upper is None:
            bounds.append((None, number(-1)))
    if upper is not None:
        bounds += [(node.lower, number(upper + 1) if upper != -1 else None), (node.lower, number(upper - 1))]
        if upper == -1 and node.lower is None:
            bounds.append((number(1), None))
    elif node.upper is None:
        bounds.append((node.lower, number(-1)))
    else:
        for by in (ast.Add(), ast.Sub()):
            bounds.append((node.lower, ast.BinOp(node.upper, by, number(1))))
    if lower is not None and upper is not None:
        bounds += [(number(lower + by), number(upper + by)) for by in (1, -1)]
    elif node.lower is not None and node.upper is not None:
        bounds += [
            (ast.BinOp(node.lower, by, number(1)), ast.BinOp(node.upper, by, number(1)))
            for by in (ast.Add(), ast.Sub())
        ]
    for low, high in bounds:
        yield Edit({node: ast.Slice(low, high, step)}, line, said, imitated)
    if step is not None:
        without = Mistake.ANOTHER_PART, f"the step of {around} is wrong"
        yield Edit(
            {node: ast.Slice(node.lower, node.upper)},
            line,
            without,
            (Mistake.ANOTHER_PART, "the step of a slice is missing"),
        )


def _other_range(call: ast.Call) -> Iterator[Edit]:
    """Yield the range with one round more or fewer at either end."""
    text = "a loop has one round too many or too few"
    said: Said = (Mistake.OFF_BY_ONE, f"{shown(call)}: {text}")
    imitated: Said = (Mistake.OFF_BY_ONE, text)
    if len(call.args) == 1 and not isinstance(call.args[0], ast.Constant):
        (stop,) = call.args
        fewer, more = (ast.BinOp(stop, by, number(1)) for by in (ast.Sub(), ast.Add()))
        choices: tuple[list[ast.expr], ...] = ([number(1), stop], [fewer], [more], [number(1), more])
        for arguments in choices:
            yield change(call, ast.Call(call.func, arguments, []), said, imitated)
    elif len(call.args) == 2:
        start, stop = call.args
        for by in (ast.Add(), ast.Sub()):
            if not isinstance(stop, ast.Constant):
                yield change(call, ast.Call(call.func, [start, ast.BinOp(stop, by, number(1))], []), said, imitated)
        if literal_integer(start) == 1:
            yield change(call, ast.Call(call.func, [stop], []), said, imitated)

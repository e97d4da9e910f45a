"""The changes of one expression that make a mutant: the kind of change and the new expression."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from quizapp.grading.code_changes.code_tree import literal_integer

Mutation = tuple[str, ast.expr]
"""(kind of change, new expression)."""

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
DTYPES = {
    "float32": "float64",
    "float": "double",
    "float64": "float32",
    "double": "float",
    "float16": "float32",
    "half": "float",
    "bfloat16": "float32",
    "int64": "int32",
    "long": "int",
    "int32": "int64",
    "int": "long",
    "int16": "int64",
    "int8": "int64",
    "uint8": "int64",
    "bool": "uint8",
    "complex64": "complex128",
}
IN_PLACE = frozenset(
    [
        *("abs", "add", "addcmul", "apply", "ceil", "clamp", "copy", "cos", "div", "exp", "fill", "floor", "index_add"),
        *("index_fill", "log", "masked_fill", "mul", "neg", "pow", "relu", "round", "scatter", "sigmoid", "sin"),
        *("sqrt", "squeeze", "sub", "t", "tanh", "transpose", "tril", "triu", "unsqueeze", "zero"),
    ]
)
"""Methods of a tensor that also exist in place, with `_` at the end."""

DIMENSIONS = frozenset({"dim", "axis", "dim0", "dim1", "start_dim", "end_dim"})


def mutations(node: ast.expr) -> Iterator[Mutation]:
    """Yield every mutation of one expression."""
    if isinstance(node, ast.Call):
        yield from _keywords(node)
        yield from _in_place(node)
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield "operator swapped", ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        ops = [COMPARISONS[type(node.ops[0])](), *node.ops[1:]]
        yield "operator swapped", ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield "operator swapped", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp):
        yield from _sign(node)
    elif isinstance(node, ast.Constant):
        yield from _constant(node)
    elif isinstance(node, ast.Attribute):
        yield from _dtype(node)


def _sign(node: ast.UnaryOp) -> Iterator[Mutation]:
    if not isinstance(node.op, ast.UAdd) and not isinstance(node.operand, ast.Constant):
        yield "operator swapped", node.operand


def _dtype(node: ast.Attribute) -> Iterator[Mutation]:
    """Yield a similar dtype: `torch.float64` for `torch.float32`."""
    is_module = isinstance(node.value, ast.Name) and node.value.id in ("torch", "np")
    if is_module and isinstance(node.ctx, ast.Load) and (dtype := DTYPES.get(node.attr)):
        yield "dtype changed", ast.Attribute(node.value, dtype, node.ctx)


def _keywords(call: ast.Call) -> Iterator[Mutation]:
    """Yield another dimension for `dim`, `axis` …, or no `keepdim`; other keywords change with their constants."""
    for index, keyword in enumerate(call.keywords):
        if keyword.arg in ("keepdim", "keepdims"):
            yield "keepdim dropped", _with_keywords(call, call.keywords[:index] + call.keywords[index + 1 :])
        elif keyword.arg in DIMENSIONS and (dimension := _other_dimension(keyword.value)) is not None:
            changed = ast.keyword(keyword.arg, dimension)
            keywords = [*call.keywords[:index], changed, *call.keywords[index + 1 :]]
            yield "dimension changed", _with_keywords(call, keywords)


def _with_keywords(call: ast.Call, keywords: list[ast.keyword]) -> ast.Call:
    copied = copy.copy(call)
    copied.keywords = keywords
    return copied


def _other_dimension(node: ast.expr) -> ast.expr | None:
    number = literal_integer(node)
    return None if number is None else _literal(1 if number == 0 else 0 if number in (1, -1) else number - 1)


def _in_place(call: ast.Call) -> Iterator[Mutation]:
    """Yield `add_` for `add`, and the reverse; also `double()` for `float()`."""
    if not isinstance(call.func, ast.Attribute):
        return
    name, owner = call.func.attr, call.func.value
    is_module = isinstance(owner, ast.Name) and owner.id in ("torch", "F", "np", "nn", "math")
    if is_module:
        return
    if name in IN_PLACE and isinstance(owner, ast.Name | ast.Attribute | ast.Subscript):
        # On a temporary value, such as `(x * 2).round()`, in place and out of place are the same.
        yield "in place for out of place", _method(call, name + "_")
    elif name.endswith("_") and name[:-1] in IN_PLACE:
        yield "out of place for in place", _method(call, name[:-1])
    elif name in DTYPES and not call.args:
        yield "dtype changed", _method(call, DTYPES[name])


def _method(call: ast.Call, name: str) -> ast.Call:
    assert isinstance(call.func, ast.Attribute)
    copied = copy.copy(call)
    copied.func = ast.Attribute(call.func.value, name, ast.Load())
    return copied


def _constant(node: ast.Constant) -> Iterator[Mutation]:
    value = node.value
    if isinstance(value, bool):
        yield "constant changed", ast.Constant(not value)
    elif isinstance(value, int):
        yield "off by one", _literal(value + 1)
        if value > 1:
            yield "off by one", _literal(value - 1)
    elif isinstance(value, float):
        yield "constant changed", ast.Constant(value * 2 if value else 1.0)


def _literal(value: int) -> ast.expr:
    """Return an integer as the parser represents it."""
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)

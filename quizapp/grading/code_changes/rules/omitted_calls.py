"""Changes that leave out a call or an argument, or exchange two values."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from quizapp.grading.code_changes.code_tree import CodeTree, last_name
from quizapp.grading.code_changes.edits import Edit, Said, change, operand, shown, with_argument, with_keyword
from quizapp.grading.code_changes.rules.functions import option
from quizapp.grading.mistake import Mistake

SIZED = frozenset({"view", "reshape", "zeros", "ones", "empty", "full", "rand", "randn", "expand", "repeat"})
ACTIVATIONS = frozenset({"softmax", "log_softmax", "sigmoid"})
OF_LOGITS = frozenset(
    ["cross_entropy", "CrossEntropyLoss", "binary_cross_entropy_with_logits", "BCEWithLogitsLoss", *ACTIVATIONS]
)
"""Functions that contain an activation themselves."""

COPYING = ("clone", "copy", "deepcopy", "list", "dict")
MISSING: Mapping[str, tuple[Mistake, str]] = {
    **dict.fromkeys(("t", "transpose", "swapaxes"), (Mistake.TRANSPOSED, "a transpose is missing")),
    "permute": (Mistake.PERMUTED, "the dimensions are not permuted"),
    **dict.fromkeys(
        ("unsqueeze", "squeeze"), (Mistake.UNIT_DIMENSION, "a dimension of size 1 is missing or left over")
    ),
    "flatten": (Mistake.FLATTENED, "it is not flattened"),
    **dict.fromkeys(("view", "reshape"), (Mistake.RESHAPED, "it is not reshaped")),
    "abs": (Mistake.ABS, "the absolute value is not taken"),
    "sqrt": (Mistake.SQUARE_SQRT, "the square root is missing"),
    "square": (Mistake.SQUARE_SQRT, "the square is missing"),
    **dict.fromkeys(("exp", "log"), (Mistake.EXP_LOG, "the exponential or the logarithm is missing")),
    "round": (Mistake.NOT_ROUNDED, "it is not rounded"),
    **dict.fromkeys(
        ("float", "long", "int", "double", "bool", "half", "to", "astype"), (Mistake.DTYPE, "a cast is missing")
    ),
    "relu": (Mistake.RELU, "the `relu` is missing"),
    "detach": (Mistake.GRAPH_ATTACHED, "a `detach` is missing, so the gradient flows where it should not"),
    "contiguous": (Mistake.NOT_CONTIGUOUS, "it is not contiguous"),
    **dict.fromkeys(
        COPYING,
        (Mistake.VIEW, "a copy is missing, so memory is shared with the source"),
    ),
    "reset_index": (Mistake.INDEX, "the index is not reset"),
    **dict.fromkeys(("sort_values", "sort_index", "sorted", "sort"), (Mistake.UNSORTED, "it is not sorted")),
    **dict.fromkeys(("stack", "cat"), (Mistake.JOINED, "the tensors are not joined into one")),
    "reversed": (Mistake.REVERSED, "the order is not reversed"),
    **dict.fromkeys(("strip", "lstrip", "rstrip"), (Mistake.TEXT_BLANKS, "blanks at the ends are not removed")),
    **dict.fromkeys(("lower", "upper", "casefold"), (Mistake.TEXT_CASE, "upper and lower case are not made equal")),
    "requires_grad_": (Mistake.NO_GRADIENT, "`requires_grad_` is not called"),
}
"""Name of a function -> the mistake of leaving it out."""

NEEDED = frozenset(
    {"any", "all", "super", "range", "enumerate", "zip", "isinstance", "print", "backward", "parameters"}
)
BIASED = frozenset({"linear", "conv1d", "conv2d", "conv3d", "conv_transpose2d", "layer_norm", "batch_norm"})
"""Functions that take a bias as an argument."""


def call_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield the program without a call or an attribute, without one argument, and with two values exchanged."""
    if isinstance(node, ast.Call):
        yield from _unwrapped(node, code)
        yield from _without_argument(node)
        yield from _exchanged_arguments(node)
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.ctx, ast.Load):
        first, second = node.elts
        outer = code.parent(node)
        is_shape = isinstance(outer, ast.Call) and last_name(outer) in SIZED
        kind, what = (Mistake.RESHAPED, "two sizes") if is_shape else (Mistake.EXCHANGED, "two values")
        said = kind, f"{shown(first)} and {shown(second)} are exchanged"
        yield change(node, ast.Tuple([second, first], ast.Load()), said, (kind, f"{what} are exchanged"))
    elif isinstance(node, ast.Subscript):
        yield from _brackets(node)


def _unwrapped(call: ast.Call, code: CodeTree) -> Iterator[Edit]:
    name, inner = last_name(call), operand(call, code.modules)
    if inner is None or name in NEEDED or (name.endswith("_") and name != "requires_grad_"):
        return
    if (isinstance(inner, ast.Name) and inner.id in ("self", "super")) or isinstance(inner, ast.Constant):
        return
    if isinstance(code.parent(call), ast.Expr):
        return
    imitated = MISSING.get(name, (Mistake.STEP_MISSING, f"the step `{name}` is missing"))
    yield change(call, inner, _superfluous(call, name, inner, code), imitated)
    yield from _power_outside(call, name, inner)
    nested = operand(inner, code.modules) if isinstance(inner, ast.Call) else None
    if isinstance(inner, ast.Call) and nested is not None and not call.keywords:
        exchanged = _applied(inner, _applied(call, nested, inner), nested)
        said = Mistake.STATEMENT_ORDER, f"`{name}` and `{last_name(inner)}` are applied in the wrong order"
        imitated = Mistake.STATEMENT_ORDER, "two steps are applied in the wrong order"
        yield Edit({call: exchanged}, call.lineno, said, imitated, is_risky=True)


def _superfluous(call: ast.Call, name: str, inner: ast.expr, code: CodeTree) -> Said:
    """Return the mistake of a call that should not be there."""
    outer = next((last_name(node) for node in code.ancestors(call) if isinstance(node, ast.Call)), "")
    inside = {last_name(node) for node in ast.walk(inner) if isinstance(node, ast.Call)}
    if name in ACTIVATIONS:
        if outer in OF_LOGITS:
            return (
                Mistake.REPEATED_ACTIVATION,
                f"`{outer}` contains an activation itself: `{name}` is applied before it",
            )
        if inside & ACTIVATIONS:
            return Mistake.REPEATED_ACTIVATION, f"`{name}` is applied to values that are activated already"
        return Mistake.REPEATED_ACTIVATION, f"`{name}` should not be applied in {shown(call)}"
    if name in ("detach", "item", "numpy", "tolist", "float"):
        return Mistake.GRAPH_CUT, f"`{name}` in {shown(call)} cuts the graph, or gives a plain value"
    kind = {"clone": Mistake.COPY, "copy": Mistake.COPY, "round": Mistake.ROUNDED}.get(name, Mistake.STEP_TOO_MANY)
    return kind, f"`{name}` in {shown(call)} should not be there"


def _power_outside(call: ast.Call, name: str, inner: ast.expr) -> Iterator[Edit]:
    """Yield `x.mean() ** 2` for `(x ** 2).mean()`."""
    match inner:
        case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant() as power):
            outside = ast.BinOp(_applied(call, base, inner), ast.Pow(), power)
            said = Mistake.STATEMENT_ORDER, f"`{name}` and the power are applied in the wrong order"
            imitated = Mistake.STATEMENT_ORDER, f"the power and `{name}` are applied in the wrong order"
            yield Edit({call: outside}, call.lineno, said, imitated)


def _applied(call: ast.Call, value: ast.expr, old: ast.expr) -> ast.Call:
    """Return the same call on another value than `old`."""
    if isinstance(call.func, ast.Attribute) and call.func.value is old:
        return ast.Call(ast.Attribute(value, call.func.attr, ast.Load()), call.args, call.keywords)
    return ast.Call(call.func, [value, *call.args[1:]], call.keywords)


def _without_argument(call: ast.Call) -> Iterator[Edit]:
    name = last_name(call)
    for keyword in call.keywords:
        if keyword.arg and keyword.arg not in ("dim", "axis", "keepdim", "keepdims"):
            kind = option(keyword.arg)[0]
            repaired = kind, f"the argument `{keyword.arg}` of {shown(call)} has the wrong value"
            yield change(call, with_keyword(call, keyword.arg, None), repaired, _omitted(name, keyword.arg))
    index = len(call.args) - 1
    if index >= 1 and not isinstance(call.args[-1], ast.Starred):
        repaired = Mistake.ARGUMENT_VALUE, f"the last argument of {shown(call)} should not be passed"
        imitated = _omitted(name, "bias" if name in BIASED and index == 2 else "")
        yield change(call, with_argument(call, index, None), repaired, imitated)


def _omitted(function: str, argument: str) -> Said:
    if argument == "bias":
        return Mistake.MISSING_BIAS, "the bias is not used"
    what = f"the argument `{argument}`" if argument else "the last argument"
    return Mistake.ARGUMENT_VALUE, f"{what} of `{function}` is missing"


def _exchanged_arguments(call: ast.Call) -> Iterator[Edit]:
    if len(call.args) != 2 or any(isinstance(argument, ast.Starred) for argument in call.args):
        return
    first, second = call.args
    if isinstance(second, ast.Constant) or (isinstance(first, ast.Constant) and last_name(call) != "range"):
        return
    changed = ast.Call(call.func, [second, first], call.keywords)
    said = Mistake.OPERANDS, f"the arguments of {shown(call)} are exchanged"
    yield change(call, changed, said, (Mistake.OPERANDS, f"the arguments of `{last_name(call)}` are exchanged"))


def _brackets(node: ast.Subscript) -> Iterator[Edit]:
    """Yield `frame["a"]` for `frame[["a"]]`, and the reverse."""
    text = "a DataFrame is used where a Series is needed, or vice versa"
    match node.slice:
        case ast.List(elts=[ast.Constant(value=str()) as key]):
            changed: ast.expr = key
        case ast.Constant(value=str()) as key:
            changed = ast.List([key], ast.Load())
        case _:
            return
    if isinstance(node.ctx, ast.Load):
        said = Mistake.FRAME_OR_SERIES, f"{shown(node)}: {text}"
        yield change(node, ast.Subscript(node.value, changed, ast.Load()), said, (Mistake.FRAME_OR_SERIES, text))

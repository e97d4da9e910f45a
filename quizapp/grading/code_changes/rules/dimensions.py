"""Changes of dimensions: of a reduction, a normalisation or a join; kept, swapped, split, added or removed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from quizapp.grading.code_changes.code_tree import CodeTree, last_name, literal_integer
from quizapp.grading.code_changes.edits import (
    Edit,
    change,
    method_call,
    number,
    operand,
    shown,
    with_argument,
    with_keyword,
)
from quizapp.grading.mistake import Mistake

REDUCTIONS = frozenset(
    [
        *("sum", "mean", "std", "var", "amax", "amin", "max", "min", "argmax", "argmin", "prod", "any", "all"),
        *("median", "norm", "logsumexp", "vector_norm", "nanmean", "nansum", "std_mean", "var_mean"),
    ]
)
ALONG = REDUCTIONS | frozenset(
    [
        *("softmax", "log_softmax", "cumsum", "cumprod", "cummax", "sort", "argsort", "normalize", "unbind", "flip"),
        *("squeeze", "unsqueeze", "cat", "stack", "concatenate", "concat", "gather", "index_select", "chunk"),
        *("split", "topk", "diff", "cosine_similarity", "Softmax", "LogSoftmax", "drop", "take", "repeat_interleave"),
        *("size", "apply", "expand_dims", "scatter", "scatter_add", "select", "narrow", "unfold"),
    ]
)
"""Functions with an argument for the dimension."""

FIRST = frozenset({"Softmax", "LogSoftmax", "gather", "index_select", "select", "narrow", "unfold", "scatter"})
"""Functions with another argument than the last for the dimension."""


KEYWORDS = ("dim", "axis", "dim0", "dim1", "dims", "start_dim", "end_dim")
DIMENSIONS = (-1, 0, 1, -2, 2)
SEVERAL = ((0, 2, 3), (-2, -1), (0, 1))
SWAPPED = ((-1, -2), (0, 1), (1, 2), (0, 2), (2, 3), (1, 3))
MOST_PERMUTED = 3
"""Dimensions that are permuted in every way."""


SWAPS = frozenset({"transpose", "swapaxes", "movedim", "swapdims"})
SPLITS = frozenset({"view", "reshape"})


def dimension_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield the changes of dimensions at one node."""
    if isinstance(node, ast.FunctionDef):
        yield from _all_dimensions(node)
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT") and isinstance(node.ctx, ast.Load):
        repaired = Mistake.TRANSPOSED, f"{shown(node)} should not be transposed"
        yield change(node, node.value, repaired, (Mistake.TRANSPOSED, "a transpose is missing"))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield from _transposed_factors(node)
    if not isinstance(node, ast.Call):
        return
    name = last_name(node)
    if name in ALONG:
        yield from _other_dimensions(node, name, code)
    if name in REDUCTIONS:
        yield from _kept(node, name)
    if name in SWAPS:
        yield from _other_swaps(node)
    if name in ("permute", *SPLITS):
        yield from _other_orders(node, name)
    if name in SWAPS:
        yield from _split_instead(node)
    if name in (*SPLITS, "flatten") and isinstance(node.func, ast.Attribute):
        yield from _transposed_before(node, node.func.value)


def _other_dimensions(call: ast.Call, name: str, code: CodeTree) -> Iterator[Edit]:
    said = Mistake.WRONG_DIMENSION, f"{shown(call)} works along the wrong dimension"
    imitated = Mistake.WRONG_DIMENSION, f"`{name}` works along the wrong dimension"
    if name in ("squeeze", "unsqueeze", "expand_dims"):
        said = Mistake.UNIT_DIMENSION, f"{shown(call)} is about the wrong dimension"
        imitated = Mistake.UNIT_DIMENSION, "a dimension of size 1 is in the wrong place"
    found = False
    for keyword in call.keywords:
        if keyword.arg in KEYWORDS:
            found = True
            for other in _others(keyword.value, name):
                yield change(call, with_keyword(call, keyword.arg, other), said, imitated)
            if name in REDUCTIONS:
                yield change(call, with_keyword(call, keyword.arg, None), said, imitated)
    skipped = 0 if operand(call, code.modules) is not _first(call) or name in FIRST else 1
    for index, argument in enumerate(call.args[skipped:], skipped):
        if _is_dimension(argument) and not found:
            found = True
            for other in _others(argument, name):
                yield change(call, with_argument(call, index, other), said, imitated)
            if name in REDUCTIONS:
                yield change(call, with_argument(call, index, None), said, imitated)
    if not found and name in REDUCTIONS | {"argsort", "sort", "flip", "squeeze", "cat", "stack", "softmax"}:
        whole = Mistake.WRONG_DIMENSION, f"{shown(call)} does not say along which dimension it works"
        if name in ("cat", "stack"):
            whole = Mistake.JOINED_ALONG_OTHER, f"{shown(call)} joins along the wrong dimension"
        for dim in DIMENSIONS[:3]:
            yield change(call, with_keyword(call, "dim", number(dim)), whole, imitated)
            if name in REDUCTIONS:
                kept = with_keyword(with_keyword(call, "dim", number(dim)), "keepdim", ast.Constant(True))
                yield change(call, kept, whole, None)


def _all_dimensions(function: ast.FunctionDef) -> Iterator[Edit]:
    """Yield a function with another dimension in all calls that now share one, such as a mean and a deviation."""
    values: dict[int, list[ast.expr]] = {}
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and last_name(call) in ALONG:
            for node in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in KEYWORDS)):
                if (dim := literal_integer(node)) is not None:
                    values.setdefault(dim, []).append(node)
    reductions = [n for n in ast.walk(function) if isinstance(n, ast.Call) and last_name(n) in REDUCTIONS]
    lost = [n for n in reductions if (n.args or n.keywords) and all(k.arg != "keepdim" for k in n.keywords)]
    if len(lost) > 1:
        said = Mistake.LOST_DIMENSION, f"`{function.name}` drops dimensions, so its operations broadcast wrongly"
        yield Edit({n: with_keyword(n, "keepdim", ast.Constant(True)) for n in lost}, lost[0].lineno, said)
    for dim, nodes in values.items():
        for other in DIMENSIONS if len(nodes) > 1 else ():
            if other != dim:
                said = Mistake.WRONG_DIMENSION, f"`{function.name}` works along the wrong dimension ({dim})"
                yield Edit({node: number(other) for node in nodes}, nodes[0].lineno, said, said)


def _transposed_before(call: ast.Call, owner: ast.expr) -> Iterator[Edit]:
    """Yield `x.transpose(1, 2).reshape(…)` for `x.reshape(…)`."""
    said = Mistake.RESHAPED, f"{shown(call)} merges or splits dimensions that must be transposed before"
    for dims in ((1, 2), (0, 1), (-1, -2)):
        moved = method_call(owner, "transpose", *map(number, dims))
        changed = ast.Call(ast.Attribute(moved, "reshape", ast.Load()), call.args, call.keywords)
        if last_name(call) == "flatten":
            changed = ast.Call(ast.Attribute(moved, "flatten", ast.Load()), call.args, call.keywords)
        yield change(call, changed, said, None)


def _first(call: ast.Call) -> ast.expr | None:
    return call.args[0] if call.args else None


def _is_dimension(node: ast.expr) -> bool:
    return literal_integer(node) is not None or (
        isinstance(node, ast.Tuple | ast.List) and all(literal_integer(item) is not None for item in node.elts)
    )


def _others(node: ast.expr, name: str) -> Iterator[ast.expr]:
    """Yield other dimensions; for a reduction also several, and one fewer than several."""
    value = literal_integer(node)
    if value is not None or not isinstance(node, ast.Tuple | ast.List):
        yield from (number(dim) for dim in DIMENSIONS if dim != value)
        yield from map(_tuple, SEVERAL if name in REDUCTIONS else ())
        return
    dims = [literal_integer(item) for item in node.elts]
    sets = [tuple(dims[:index] + dims[index + 1 :]) for index in range(len(dims))]
    sets += [*combinations((0, 1, 2, 3), 2), (0, 2, 3), (-1,), (0,), (1,)]
    for found in sets:
        if found and list(found) != dims:
            yield _tuple([dim for dim in found if dim is not None])


def _tuple(dims: Sequence[int]) -> ast.expr:
    return ast.Tuple([number(dim) for dim in dims], ast.Load())


def _kept(call: ast.Call, name: str) -> Iterator[Edit]:
    """Yield the reduction with and without a dimension of size 1."""
    for keyword in call.keywords:
        if keyword.arg in ("keepdim", "keepdims"):
            repaired = Mistake.KEPT_DIMENSION, f"{shown(call)} keeps a dimension of size 1, which broadcasts wrongly"
            imitated = Mistake.LOST_DIMENSION, f"`{name}` drops its dimension: `{keyword.arg}=True` is missing"
            yield change(call, with_keyword(call, keyword.arg, None), repaired, imitated)
            return
    if not call.args and not call.keywords:
        return
    repaired = Mistake.LOST_DIMENSION, f"{shown(call)} drops its dimension, so the next operation broadcasts wrongly"
    imitated = Mistake.KEPT_DIMENSION, f"`{name}` keeps a dimension of size 1"
    yield change(call, with_keyword(call, "keepdim", ast.Constant(True)), repaired, imitated)


def _other_swaps(call: ast.Call) -> Iterator[Edit]:
    dims = [literal_integer(argument) for argument in call.args[-2:]]
    if len(dims) < 2 or None in dims:
        return
    for first, second in SWAPPED:
        if sorted((first, second)) != sorted(dim for dim in dims if dim is not None):
            changed = with_argument(with_argument(call, len(call.args) - 2, number(first)), -1, number(second))
            changed.args = [*call.args[:-2], number(first), number(second)]
            said = Mistake.TRANSPOSED, "the wrong two dimensions are swapped"
            yield change(call, changed, (said[0], f"{shown(call)} swaps the wrong dimensions"), said)


def _other_orders(call: ast.Call, name: str) -> Iterator[Edit]:
    """Yield the other orders of the arguments of `permute`, and two of those of `view` swapped."""
    arguments = call.args
    if any(isinstance(argument, ast.Starred) for argument in arguments):
        return
    kind = Mistake.PERMUTED if name == "permute" else Mistake.RESHAPED
    said = kind, f"`{name}` has the dimensions in the wrong order"
    if name == "permute":
        orders = list(permutations(range(len(arguments)))) if len(arguments) <= MOST_PERMUTED else _few(len(arguments))
    else:
        orders = [_swapped(len(arguments), *pair) for pair in combinations(range(len(arguments)), 2)]
    for order in orders:
        if list(order) != sorted(order):
            changed = ast.Call(call.func, [arguments[index] for index in order], call.keywords)
            yield change(call, changed, (kind, f"{shown(call)} has the dimensions in the wrong order"), said)


def _few(count: int) -> list[tuple[int, ...]]:
    """Return the orders that exchange two dimensions or move one to the end."""
    rotated = [tuple((index + by) % count for index in range(count)) for by in (1, -1)]
    return rotated + [_swapped(count, *pair) for pair in combinations(range(count), 2)]


def _swapped(count: int, first: int, second: int) -> tuple[int, ...]:
    order = list(range(count))
    order[first], order[second] = second, first
    return tuple(order)


def _split_instead(call: ast.Call) -> Iterator[Edit]:
    """Yield `x.view(a, c, b, d)` for `x.view(a, b, c, d).transpose(1, 2)`, and the same without the transpose."""
    inner = call.func.value if isinstance(call.func, ast.Attribute) else None
    dims = [literal_integer(argument) for argument in call.args]
    if not isinstance(inner, ast.Call) or last_name(inner) not in SPLITS or len(dims) != 2:
        return
    first, second = (dim if dim is None or dim >= 0 else dim + len(inner.args) for dim in dims)
    if first is None or second is None or max(first, second) >= len(inner.args):
        return
    order = _swapped(len(inner.args), first, second)
    changed = ast.Call(inner.func, [inner.args[index] for index in order], inner.keywords)
    text = "the dimensions are only reshaped, where they must be split and then transposed"
    yield change(call, changed, None, (Mistake.RESHAPED, text))


def _transposed_factors(product: ast.BinOp) -> Iterator[Edit]:
    """Yield a matrix product with one factor transposed, or with the factors exchanged."""
    for factor, changed in (
        (product.right, ast.BinOp(product.left, ast.MatMult(), _transpose(product.right))),
        (product.left, ast.BinOp(_transpose(product.left), ast.MatMult(), product.right)),
    ):
        repaired = Mistake.TRANSPOSED, f"{shown(factor)} must be transposed in {shown(product)}, or not be"
        yield change(product, changed, repaired, (Mistake.TRANSPOSED, "a factor of a matrix product is transposed"))


def _transpose(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        return node.value
    return ast.Attribute(node, "mT", ast.Load())

"""Mistakes in how given tensors were used: joined wrongly, wrong operation or operand, left out, returned unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations, zip_longest

import torch
from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import (
    LARGEST,
    SMALL,
    Explanation,
    GivenValue,
    TensorPair,
    has_telling_order,
    is_close,
    is_same,
    take_sample,
)
from quizapp.grading.mistake import Mistake

MOST_JOINED = 4
"""Given tensors of one shape that are tried in every order."""

MOST_COMBINED = 4
"""Given tensors that are combined with each other."""

LARGEST_COMBINED = LARGEST // 8
"""Largest tensor (in elements) that is combined with another: each pair is combined by many operations."""

FEWEST_REPAIRED = 3
"""Elements from which on it is no coincidence that an operation gives all of them."""

LARGEST_FACTOR = 16 * SMALL
"""Largest matrix (in elements) that is multiplied: a product is always computed in full."""


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Explain by joining or combining the given tensors."""
    yield from _explain_join(pair)
    yield from _explain_combination(pair)


def _explain_join(pair: TensorPair) -> Iterator[Explanation]:
    """Explain tensors that were stacked or concatenated along the wrong dimension, or in the wrong order."""
    for group in _groups(pair):
        expected, got = ([*_joins(group, side)] for side in (pair.expected, pair.got))
        if not expected or not got or set(expected) & set(got):
            continue
        (expected_how, expected_dim, expected_order), (how, dim, order) = expected[0], got[0]
        names = " and ".join(f"`{given.name}`" for given in group)
        if group[0] is group[-1]:
            names = f"copies of `{group[0].name}`"
        is_ambiguous = len(expected) > 1 or len(got) > 1
        if how != expected_how:
            yield Explanation(Mistake.JOINED, f"{names} were {how} instead of {expected_how}")
        elif dim != expected_dim:
            where = "along the wrong dimension" if is_ambiguous else f"along dimension {dim} instead of {expected_dim}"
            yield Explanation(Mistake.JOINED_ALONG_OTHER, f"{names} were {how} {where}")
        elif order != expected_order:
            yield Explanation(Mistake.JOINED_IN_OTHER_ORDER, f"{names} were {how} in the wrong order")
        return


def _groups(pair: TensorPair) -> Iterator[tuple[GivenValue, ...]]:
    """Yield given tensors that can be joined to the right size: all of one shape, or one with itself."""
    sizes = {pair.expected.numel(), pair.got.numel()}
    by_shape: dict[tuple[int, ...], list[GivenValue]] = {}
    for given in pair.named:
        by_shape.setdefault(tuple(given.tensor.shape), []).append(given)
    for given in pair.named:
        size = given.tensor.numel()
        if size and {2 * size} == sizes:
            yield (given, given)
    for group in by_shape.values():
        size = group[0].tensor.numel()
        if 2 <= len(group) <= MOST_JOINED and size and {size * len(group)} == sizes:
            yield tuple(group)


def _joins(group: Sequence[GivenValue], result: Tensor) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """Yield the ways to join `group` to `result`: (`stacked` or `concatenated`, dimension, order)."""
    shape = list(group[0].tensor.shape)
    for order in sorted(set(permutations(range(len(group))))):
        if group[0] is group[-1] and list(order) != sorted(order):
            continue
        tensors = [group[index].tensor for index in order]
        for dim in range(len(shape) + 1):
            stacked = [*shape[:dim], len(group), *shape[dim:]]
            if list(result.shape) == stacked and _are_same(tensors, result.unbind(dim)):
                yield "stacked", dim, order
            if dim < len(shape):
                size = shape[dim]
                concatenated = [*shape[:dim], size * len(group), *shape[dim + 1 :]]
                if list(result.shape) == concatenated and _are_same(tensors, torch.split(result, size, dim)):
                    yield "concatenated", dim, order


def _are_same(tensors: Sequence[Tensor], parts: Sequence[Tensor]) -> bool:
    return all(is_same(tensor, part) for tensor, part in zip(tensors, parts, strict=True))


Combine = Callable[[Tensor, Tensor], Tensor]

OPERATIONS: tuple[tuple[str, Combine], ...] = (
    ("{a} @ {b}", lambda a, b: a @ b),
    ("{a} @ {b}.T", lambda a, b: a @ b.mT),
    ("{a}.T @ {b}", lambda a, b: a.mT @ b),
    ("{a} * {b}", lambda a, b: a * b),
    ("{a} - {b}", lambda a, b: a - b),
    ("{a} / {b}", lambda a, b: a / b),
    ("{a} + {b}", lambda a, b: a + b),
    ("{a} ** {b}", lambda a, b: a**b),
)
"""Operations that combine two tensors; matrix products only of small ones."""

SELF_OPERATIONS = ("{a} @ {b}", "{a} * {b}", "{a} + {b}")
"""Operations that one tensor is easily combined with itself by."""

SCORES: tuple[Combine, ...] = (
    lambda a, b: (a - b).square().mean(),
    lambda a, b: (a - b).abs().mean(),
    lambda a, b: (a - b).square().sum(),
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a + b,
)
"""Functions of a prediction and a target; losses first."""


def _explain_combination(pair: TensorPair) -> Iterator[Explanation]:
    """Explain the wrong operation on two given tensors (or on one with itself), or the wrong order of operands."""
    values = [given for given in pair.named if given.tensor.is_floating_point() or given.tensor.dtype == torch.int64]
    values = values[:MOST_COMBINED]
    for a in values:
        if a.tensor.ndim == 2 and _is_combinable(pair, a.tensor):
            yield from _explain_operation(pair, a, a)
    for a, b in permutations(values, 2):
        if not _is_combinable(pair, a.tensor, b.tensor):
            continue
        if a.name < b.name:
            yield from _explain_operation(pair, a, b)
        yield from _explain_broadcast_score(pair, a, b)


def _is_combinable(pair: TensorPair, *tensors: Tensor) -> bool:
    return max(tensor.numel() for tensor in (*tensors, pair.expected, pair.got)) <= LARGEST_COMBINED


def _explain_operation(pair: TensorPair, a: GivenValue, b: GivenValue) -> Iterator[Explanation]:
    orders = [(a, b)] if a is b else [(a, b), (b, a)]
    operations = [(template, combine, *order) for template, combine in OPERATIONS for order in orders]
    expected = {_source(operation) for operation in operations if _gives(operation, pair.expected)}
    got = {_source(operation) for operation in operations if _gives(operation, pair.got)}
    if len(expected) == 1 and not got:
        yield from _explain_ignored(pair, a, b)
    elif len(expected) == len(got) == 1 and expected != got:
        yield Explanation(Mistake.OPERANDS, f"it is `{got.pop()}`: the wrong operation, or operands in the wrong order")


def _explain_ignored(pair: TensorPair, a: GivenValue, b: GivenValue) -> Iterator[Explanation]:
    """Explain an operation on one of two given tensors with itself."""
    for value, ignored in ((a, b), (b, a)):
        for template, combine in OPERATIONS:
            operation = (template, combine, value, value)
            if template in SELF_OPERATIONS and a is not b and _gives(operation, pair.got):
                clause = f"it is `{_source(operation)}`, but the expected result also depends on `{ignored.name}`"
                yield Explanation(Mistake.ARGUMENT_IGNORED, clause)
                return


Operation = tuple[str, Combine, GivenValue, GivenValue]
"""(template, function, first operand, second operand)."""


def _source(operation: Operation) -> str:
    template, _, first, second = operation
    # Sums and elementwise products are commutative: both orders have one source.
    is_commutative = template in ("{a} * {b}", "{a} + {b}")
    names = sorted((first.name, second.name)) if is_commutative else (first.name, second.name)
    return template.format(a=names[0], b=names[1])


def _gives(operation: Operation, result: Tensor) -> bool:
    template, combine, first, second = operation
    a, b = first.tensor, second.tensor
    is_matrix_product = "@" in template
    if is_matrix_product and (a.ndim != 2 or b.ndim != 2 or max(a.numel(), b.numel()) > LARGEST_FACTOR):
        return False
    if _result_shape(template, a, b) != tuple(result.shape):
        return False
    if not is_matrix_product and result.numel() > SMALL:
        samples = (take_sample(side.expand(result.shape)).to(torch.float64) for side in (a, b))
        if not is_close(combine(*samples), take_sample(result), a, b):
            return False
    return is_close(combine(a.to(torch.float64), b.to(torch.float64)), result, a, b)


def _result_shape(template: str, a: Tensor, b: Tensor) -> tuple[int, ...] | None:
    """Return the shape of the operation's result without computing it, or None if it fails."""
    if "@" in template:
        left = a.shape[::-1] if template.startswith("{a}.T") else a.shape
        right = b.shape[::-1] if template.endswith(".T") else b.shape
        return (left[0], right[1]) if left[1] == right[0] else None
    return _broadcast_shape(a, b)


def _broadcast_shape(a: Tensor, b: Tensor) -> tuple[int, ...] | None:
    """Return the shape that two tensors broadcast to, or None."""
    shape = []
    for size_a, size_b in zip_longest(reversed(a.shape), reversed(b.shape), fillvalue=1):
        if size_a != size_b and 1 not in (size_a, size_b):
            return None
        shape.append(max(size_a, size_b) if 0 not in (size_a, size_b) else 0)
    return tuple(reversed(shape))


def _explain_broadcast_score(pair: TensorPair, a: GivenValue, b: GivenValue) -> Iterator[Explanation]:
    """Explain a loss of (n, 1) against (n,), which broadcasts to (n, n) before the mean is taken."""
    column, row = a.tensor, b.tensor
    if row.ndim != 1 or tuple(column.shape) != (row.numel(), 1) or not 1 < row.numel() ** 2 <= LARGEST_COMBINED:
        return
    column, row = column.to(torch.float64), row.to(torch.float64)
    for score in SCORES:
        right, wrong = score(column.flatten(), row), score(column, row)
        if right.numel() != pair.expected.numel() or wrong.numel() != pair.got.numel():
            continue
        is_right = is_close(right, pair.expected.reshape(right.shape), a.tensor)
        if is_right and is_close(wrong, pair.got.reshape(wrong.shape), a.tensor):
            shapes = f"`{a.name}` of shape {tuple(column.shape)}", f"`{b.name}` of shape {tuple(row.shape)}"
            yield Explanation(Mistake.BROADCAST, f"{shapes[0]} was broadcast against {shapes[1]}")
            return


def explain_left_out(pair: TensorPair) -> Iterator[Explanation]:
    """Explain a given tensor that was not added, subtracted, multiplied or divided by."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or torch.bool in (got.dtype, expected.dtype):
        return
    if not FEWEST_REPAIRED <= expected.numel() <= LARGEST // 2:
        return
    for given in pair.named:
        operand = given.tensor
        if operand.numel() < 2 or operand.dtype == torch.bool:
            continue
        if _broadcast_shape(operand, expected) != tuple(expected.shape):
            continue
        for repair, clause in LEFT_OUT:
            if _is_repaired(pair, operand, repair):
                yield Explanation(Mistake.LEFT_OUT, clause.format(x=given.name))
                return


LEFT_OUT: tuple[tuple[Combine, str], ...] = (
    (lambda got, x: got + x, "`{x}` was not added"),
    (lambda got, x: got - x, "`{x}` was not subtracted"),
    (lambda got, x: got + 2 * x, "`{x}` was subtracted instead of added"),
    (lambda got, x: got - 2 * x, "`{x}` was added instead of subtracted"),
    (lambda got, x: got * x, "it was not multiplied by `{x}`"),
    (lambda got, x: got / x, "it was not divided by `{x}`"),
)
"""(function of the answer's result and a given tensor that gives the expected result, clause)."""


def _is_repaired(pair: TensorPair, operand: Tensor, repair: Combine) -> bool:
    got, expected = pair.got, pair.expected
    got_sample, operand_sample = take_sample(got), take_sample(operand.expand(expected.shape))
    repaired = repair(got_sample.to(torch.float64), operand_sample.to(torch.float64))
    if not is_close(repaired, take_sample(expected), got_sample, operand_sample):
        return False
    return is_close(repair(got.to(torch.float64), operand.to(torch.float64)), expected, got, operand)


def explain_unchanged(pair: TensorPair) -> Iterator[Explanation]:
    """Explain an answer that is a given value."""
    for given in pair.named:
        if given.tensor.numel() > 1 and is_same(given.tensor, pair.got) and has_telling_order(pair.got):
            yield Explanation(Mistake.UNCHANGED, f"it is `{given.name}` itself, unchanged")
            return

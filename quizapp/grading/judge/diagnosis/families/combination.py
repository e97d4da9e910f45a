"""Mistakes in how given tensors were put together: joined along another dimension, operands in another order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations, zip_longest

import torch
from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import (
    LARGEST,
    SMALL,
    TensorPair,
    Explanation,
    GivenValue,
    close,
    take_few,
)

MOST_JOINED = 4
"""Given tensors of one shape that are tried in every order."""


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """The first explanation by joining or combining the given tensors."""
    yield from _joined(pair)
    yield from _combined(pair)


def _joined(pair: TensorPair) -> Iterator[Explanation]:
    """Stacked or concatenated along another dimension, or in another order."""
    for group in _groups(pair):
        wanted, made = ([*_joins(pair, group, side)] for side in (pair.expected, pair.got))
        if not wanted or not made or set(wanted) & set(made):
            continue
        (how, dim, order), (mine, my_dim, my_order) = wanted[0], made[0]
        names = " and ".join(f"`{given.name}`" for given in group)
        if group[0] is group[-1]:
            names = f"copies of `{group[0].name}`"
        several = len(wanted) > 1 or len(made) > 1
        if mine != how:
            yield Explanation("joined", f"{names} were {mine} where they had to be {how}")
        elif dim != my_dim:
            where = "along another dimension" if several else f"along dimension {my_dim} instead of {dim}"
            yield Explanation("joined-along-other", f"{names} were {mine} {where}")
        elif order != my_order:
            yield Explanation("joined-in-other-order", f"{names} were {mine} in another order")
        return


def _groups(pair: TensorPair) -> Iterator[tuple[GivenValue, ...]]:
    """Given tensors that could be joined to something of the right size: all of one shape, or one with itself."""
    sizes = {pair.expected.numel(), pair.got.numel()}
    by_shape: dict[tuple[int, ...], list[GivenValue]] = {}
    for given in pair.given:
        by_shape.setdefault(tuple(given.tensor.shape), []).append(given)
    for given in pair.given:
        count = given.tensor.numel()
        if count and {2 * count} == sizes:
            yield (given, given)
    for alike in by_shape.values():
        count = alike[0].tensor.numel()
        if 2 <= len(alike) <= MOST_JOINED and count and {count * len(alike)} == sizes:
            yield tuple(alike)


def _joins(pair: TensorPair, group: Sequence[GivenValue], result: Tensor) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """How `group` is joined to `result`: (`stacked` or `concatenated`, dimension, order)."""
    shape = list(group[0].tensor.shape)
    for order in sorted(set(permutations(range(len(group))))):
        if group[0] is group[-1] and list(order) != sorted(order):
            continue
        tensors = [group[place].tensor for place in order]
        for dim in range(len(shape) + 1):
            stacked = [*shape[:dim], len(group), *shape[dim:]]
            if list(result.shape) == stacked and _parts_are(pair, result.unbind(dim), tensors):
                yield "stacked", dim, order
            if dim < len(shape):
                size = shape[dim]
                longer = [*shape[:dim], size * len(group), *shape[dim + 1 :]]
                if list(result.shape) == longer and _parts_are(pair, torch.split(result, size, dim), tensors):
                    yield "concatenated", dim, order


def _parts_are(pair: TensorPair, parts: Sequence[Tensor], tensors: Sequence[Tensor]) -> bool:
    return all(pair.same(tensor, part) for part, tensor in zip(parts, tensors, strict=True))


Combine = Callable[[Tensor, Tensor], Tensor]

PRODUCTS: tuple[tuple[str, Combine], ...] = (
    ("{a} @ {b}", lambda a, b: a @ b),
    ("{a} @ {b}.T", lambda a, b: a @ b.mT),
    ("{a}.T @ {b}", lambda a, b: a.mT @ b),
    ("{a} * {b}", lambda a, b: a * b),
    ("{a} - {b}", lambda a, b: a - b),
    ("{a} / {b}", lambda a, b: a / b),
    ("{a} + {b}", lambda a, b: a + b),
    ("{a} ** {b}", lambda a, b: a**b),
)
"""What two tensors are combined by; products only of small ones."""

SCORES: tuple[Combine, ...] = (
    lambda a, b: (a - b).square().mean(),
    lambda a, b: (a - b).abs().mean(),
    lambda a, b: (a - b).square().sum(),
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a + b,
)
"""What is made of a prediction and a target; losses first."""


def _combined(pair: TensorPair) -> Iterator[Explanation]:
    """One operation of two given tensors (or of one with itself) where another, or the other order, was asked."""
    tensors = [given for given in pair.given if given.tensor.is_floating_point() or given.tensor.dtype == torch.int64]
    for one in tensors[:4]:
        if one.tensor.ndim == 2 and max(one.tensor.numel(), pair.expected.numel(), pair.got.numel()) <= LARGEST // 8:
            yield from _operation(pair, one, one)
    for one, other in permutations(tensors[:4], 2):
        if max(one.tensor.numel(), other.tensor.numel(), pair.expected.numel(), pair.got.numel()) > LARGEST // 8:
            continue
        if one.name < other.name:
            yield from _operation(pair, one, other)
        yield from _score(pair, one, other)


def _operation(pair: TensorPair, one: GivenValue, other: GivenValue) -> Iterator[Explanation]:
    ways = [(words, combine, first, second) for words, combine in PRODUCTS for first, second in _both(one, other)]
    wanted = {_said(way) for way in ways if _gives(pair, way, pair.expected)}
    made = {_said(way) for way in ways if _gives(pair, way, pair.got)}
    if len(wanted) == len(made) == 1 and wanted != made:
        two = "the two" if one is not other else f"`{one.name}` with itself"
        yield Explanation("operands", f"it is `{made.pop()}`, which is another combination of {two} than was asked")


def _both(one: GivenValue, other: GivenValue) -> Iterator[tuple[GivenValue, GivenValue]]:
    yield one, other
    if one is not other:
        yield other, one


Way = tuple[str, Combine, GivenValue, GivenValue]


def _said(way: Way) -> str:
    words, _, first, second = way
    # Sums and elementwise products are the same both ways.
    names = sorted((first.name, second.name)) if words in ("{a} * {b}", "{a} + {b}") else (first.name, second.name)
    return words.format(a=names[0], b=names[1])


def _gives(pair: TensorPair, way: Way, result: Tensor) -> bool:
    words, combine, first, second = way
    a, b = first.tensor, second.tensor
    if "@" in words and (a.ndim != 2 or b.ndim != 2 or max(a.numel(), b.numel()) > 16 * SMALL):
        return False
    if _shape_of(words, a, b) != tuple(result.shape):
        return False
    if "@" not in words and result.numel() > SMALL:
        parts = (take_few(side.expand(result.shape)).to(torch.float64) for side in (a, b))
        if not close(combine(*parts), take_few(result), a, b):
            return False
    made = combine(a.to(torch.float64), b.to(torch.float64))
    return close(made, result, a, b)


def _shape_of(words: str, a: Tensor, b: Tensor) -> tuple[int, ...] | None:
    """The shape that the operation would give, without performing it."""
    if "@" in words:
        left = a.shape[::-1] if words.startswith("{a}.T") else a.shape
        right = b.shape[::-1] if words.endswith(".T") else b.shape
        return (left[0], right[1]) if left[1] == right[0] else None
    return _broadcast_shape(a, b)


def _broadcast_shape(a: Tensor, b: Tensor) -> tuple[int, ...] | None:
    """The shape that two tensors broadcast to, or None."""
    shape = []
    for one, other in zip_longest(reversed(a.shape), reversed(b.shape), fillvalue=1):
        if one != other and 1 not in (one, other):
            return None
        shape.append(max(one, other) if 0 not in (one, other) else 0)
    return tuple(reversed(shape))


def _score(pair: TensorPair, one: GivenValue, other: GivenValue) -> Iterator[Explanation]:
    """A loss of (n, 1) beside (n,): broadcast to (n, n) before it was averaged."""
    a, b = one.tensor, other.tensor
    if b.ndim != 1 or tuple(a.shape) != (b.numel(), 1) or not 1 < b.numel() ** 2 <= LARGEST // 8:
        return
    wide, flat = a.to(torch.float64), b.to(torch.float64)
    for score in SCORES:
        right, wrong = score(wide.flatten(), flat), score(wide, flat)
        if right.numel() != pair.expected.numel() or wrong.numel() != pair.got.numel():
            continue
        if close(right, pair.expected.reshape(right.shape), a) and close(wrong, pair.got.reshape(wrong.shape), a):
            clause = (
                f"`{one.name}` of shape {tuple(a.shape)} was broadcast against `{other.name}` of shape {tuple(b.shape)}"
            )
            yield Explanation("broadcast", clause)
            return


def left_out(pair: TensorPair) -> Iterator[Explanation]:
    """A given tensor that was not added, subtracted or multiplied with."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or expected.numel() > LARGEST // 2 or torch.bool in (got.dtype, expected.dtype):
        return
    for given in pair.given:
        other = given.tensor
        if other.numel() < 2 or other.dtype == torch.bool or _broadcast_shape(other, expected) != tuple(expected.shape):
            continue
        for function, words in LEFT_OUT:
            if _is_left_out(pair, other, function):
                yield Explanation("left-out", f"`{given.name}` was {words}")
                return


LEFT_OUT: tuple[tuple[Combine, str], ...] = (
    (lambda got, other: got + other, "not added"),
    (lambda got, other: got - other, "not subtracted"),
    (lambda got, other: got + 2 * other, "subtracted where it had to be added"),
    (lambda got, other: got - 2 * other, "added where it had to be subtracted"),
    (lambda got, other: got * other, "not multiplied with"),
    (lambda got, other: got / other, "not divided by"),
)


def _is_left_out(pair: TensorPair, other: Tensor, function: Combine) -> bool:
    got, expected = pair.got, pair.expected
    part = take_few(other.expand(expected.shape))
    if not close(
        function(take_few(got).to(torch.float64), part.to(torch.float64)), take_few(expected), take_few(got), part
    ):
        return False
    return close(function(got.to(torch.float64), other.to(torch.float64)), expected, got, other)

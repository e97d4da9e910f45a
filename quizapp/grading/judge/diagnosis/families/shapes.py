"""Mistakes of shape and of the order of dimensions: transposed, a dimension kept or lost, reshaped, broadcast."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import TensorPair, Explanation, varied

MOST_DIMENSIONS = 5
"""Dimensions of which every order is tried."""


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """Every explanation by shape that holds."""
    if pair.got.numel() == 0 or pair.expected.numel() == 0:
        return
    if pair.got.numel() == pair.expected.numel():
        unit = _unit_dimension(pair)
        if unit:
            yield unit
            return
        permuted = _permuted(pair)
        if permuted:
            yield permuted
        reshaped = _reshaped(pair)
        if reshaped:
            yield reshaped
        if not permuted and not reshaped:
            yield from _reshaped_for_permuted(pair)
    else:
        yield from _broadcast(pair)


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


def _unit_dimension(pair: TensorPair) -> Explanation | None:
    """A dimension of size 1 kept, lost, or elsewhere, and nothing else."""
    mine, theirs = tuple(pair.got.shape), tuple(pair.expected.shape)
    if mine == theirs or _without_ones(mine) != _without_ones(theirs):
        return None
    if not pair.explains(pair.got.reshape(theirs)):
        return None
    if len(mine) == len(theirs):
        return Explanation(
            "unit-dimension", "the values are right, but the dimension of size 1 stands in another place"
        )
    many = abs(len(mine) - len(theirs))
    if len(mine) > len(theirs):
        return Explanation("kept-dimension", f"the values are right, but {_where(mine, theirs, many)} kept")
    return Explanation("lost-dimension", f"the values are right, but {_where(theirs, mine, many)} lost")


def _where(longer: tuple[int, ...], shorter: tuple[int, ...], many: int) -> str:
    """Which dimensions of size 1 the longer shape has and the shorter has not."""
    if many > 1:
        return f"{many} dimensions of size 1 were"
    places = [i for i, size in enumerate(longer) if size == 1 and longer[:i] + longer[i + 1 :] == shorter]
    return f"dimension {places[0]} of size 1 was" if len(places) == 1 else "a dimension of size 1 was"


def _orders(pair: TensorPair) -> list[tuple[int, ...]]:
    """Orders of got's dimensions that give what was expected."""
    got, wanted = pair.got, tuple(pair.expected.shape)
    if got.ndim != len(wanted) or not 2 <= got.ndim <= MOST_DIMENSIONS:
        return []
    return [
        order
        for order in permutations(range(got.ndim))
        if list(order) != sorted(order)
        and tuple(got.shape[place] for place in order) == wanted
        and pair.explains(got.permute(order))
    ]


def _permuted(pair: TensorPair) -> Explanation | None:
    orders = _orders(pair)
    if not orders:
        return None
    if pair.got.ndim == 2:
        return Explanation("transposed", "it is transposed: rows and columns are exchanged")
    if len(orders) > 1:
        return Explanation("permuted", "it is permuted: its dimensions are in another order")
    moved = [place for place, source in enumerate(orders[0]) if place != source]
    if len(moved) == 2:
        return Explanation("permuted", f"it is transposed: dimensions {moved[0]} and {moved[1]} are exchanged")
    return Explanation("permuted", f"it is permuted: `.permute{orders[0]}` would put its dimensions in order")


def _reshaped(pair: TensorPair) -> Explanation | None:
    """The same values in the same order in another shape."""
    got, expected = pair.got, pair.expected
    if got.shape == expected.shape or not pair.explains(got.reshape(expected.shape)):
        return None
    if not varied(expected):
        return Explanation("reshaped", "the values are right, but they stand in another shape")
    if got.ndim == 1:
        return Explanation("flattened", "the values are right and in order, but it is flattened to one dimension")
    if expected.ndim == 1:
        return Explanation("reshaped", "the values are right and in order, but it is not flattened")
    return Explanation("reshaped", "the values are right and in order, but it is reshaped otherwise")


def _reshaped_for_permuted(pair: TensorPair) -> Iterator[Explanation]:
    """`reshape` where dimensions were to be exchanged, and the reverse."""
    got, expected = pair.got, pair.expected
    if not varied(expected):
        return
    for given in pair.given:
        if given.tensor.numel() == expected.numel() and _read_otherwise(pair, given.tensor):
            clause = f"`{given.name}` was read in another order of its dimensions before it was reshaped"
            yield Explanation("reordered", clause)
            return
    if _some_order(pair, expected, got):
        yield Explanation(
            "reshaped", "it was reshaped where its dimensions had to be exchanged: the values are in another order"
        )
    elif _some_order(pair, got, expected):
        yield Explanation("reordered", "it was read in another order of its dimensions before it was reshaped")


def _read_otherwise(pair: TensorPair, tensor: Tensor) -> bool:
    """Whether one side is a given tensor reshaped, and the other that with its dimensions in another order."""
    got, expected = pair.got, pair.expected
    if max(got.ndim, expected.ndim) >= tensor.ndim:
        return False
    return (_same_read(pair, tensor, expected) and _some_order(pair, tensor, got)) or (
        _same_read(pair, tensor, got) and _some_order(pair, tensor, expected)
    )


def _some_order(pair: TensorPair, one: Tensor, other: Tensor) -> bool:
    """Whether `one`, its dimensions in another order and then reshaped, is `other`."""
    if not 2 <= one.ndim <= MOST_DIMENSIONS:
        return False
    candidates = (order for order in permutations(range(one.ndim)) if list(order) != sorted(order))
    return any(_same_read(pair, one.permute(order), other) for order in candidates)


def _same_read(pair: TensorPair, view: Tensor, other: Tensor) -> bool:
    """Whether a view, read in row-major order, has the values of `other`; a few decide before any copy is made."""
    if view.numel() > 256:
        head = min(view.shape[-1], other.shape[-1], 32)
        if not pair.same(view[(0,) * (view.ndim - 1)][:head], other[(0,) * (other.ndim - 1)][:head]):
            return False
    return pair.same(view.reshape(other.shape), other)


def _broadcast(pair: TensorPair) -> Iterator[Explanation]:
    got, expected = pair.got, pair.expected
    if _expands(expected, got) and pair.same(expected.expand(got.shape), got):
        yield Explanation(
            "broadcast", "it was broadcast: each value of the right result is repeated along another dimension"
        )
    elif _expands(got, expected) and pair.explains(got.expand(expected.shape)):
        yield Explanation("broadcast", "the values are right, but they still have to be broadcast to the larger shape")


def _expands(small: Tensor, large: Tensor) -> bool:
    """Whether `small` broadcasts to exactly the shape of `large`."""
    if small.ndim > large.ndim or small.numel() >= large.numel() or small.numel() < 2:
        return False
    tail = large.shape[large.ndim - small.ndim :]
    return all(mine in (1, theirs) for mine, theirs in zip(small.shape, tail, strict=True))

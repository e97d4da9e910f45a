"""Mistakes of shape and of the order of dimensions: transposed, a dimension kept or lost, reshaped, broadcast."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import Explanation, TensorPair, has_telling_order, is_same, is_varied
from quizapp.grading.mistake import Mistake

MOST_DIMENSIONS = 5
"""Number of dimensions up to which every permutation is tried."""

MOST_COMPARED_FIRST = 32
"""Elements of the first line that are compared before a view is copied."""


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Yield every explanation by shape that holds."""
    if pair.got.numel() == 0 or pair.expected.numel() == 0:
        return
    if pair.got.numel() == pair.expected.numel():
        unit = _explain_unit_dimension(pair)
        if unit:
            yield unit
            return
        permuted = _explain_permutation(pair)
        if permuted:
            yield permuted
        reshaped = _explain_reshape(pair)
        if reshaped:
            yield reshaped
        if not permuted and not reshaped:
            yield from _explain_reshape_for_permutation(pair)
    else:
        yield from _explain_broadcast(pair)


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


def _explain_unit_dimension(pair: TensorPair) -> Explanation | None:
    """Explain a dimension of size 1 that was kept, lost or misplaced: (n, 1) for (n,), or (1, n) for (n, 1)."""
    got, expected = tuple(pair.got.shape), tuple(pair.expected.shape)
    if got == expected or _without_ones(got) != _without_ones(expected):
        return None
    if not pair.explains(pair.got.reshape(expected)):
        return None
    if len(got) == len(expected):
        clause = "the values are right, but the dimension of size 1 is in the wrong place"
        return Explanation(Mistake.UNIT_DIMENSION, clause)
    if len(got) > len(expected):
        return Explanation(Mistake.KEPT_DIMENSION, f"the values are right, but {_unit_dimensions(got, expected)} kept")
    return Explanation(Mistake.LOST_DIMENSION, f"the values are right, but {_unit_dimensions(expected, got)} lost")


def _unit_dimensions(longer: tuple[int, ...], shorter: tuple[int, ...]) -> str:
    """Return which dimensions of size 1 are in the longer shape only, with `was` or `were`."""
    count = len(longer) - len(shorter)
    if count > 1:
        return f"{count} dimensions of size 1 were"
    dims = [i for i, size in enumerate(longer) if size == 1 and longer[:i] + longer[i + 1 :] == shorter]
    return f"dimension {dims[0]} of size 1 was" if len(dims) == 1 else "a dimension of size 1 was"


def _orders(pair: TensorPair) -> list[tuple[int, ...]]:
    """Return the permutations of got's dimensions that give the expected tensor."""
    got, shape = pair.got, tuple(pair.expected.shape)
    if got.ndim != len(shape) or not 2 <= got.ndim <= MOST_DIMENSIONS or not has_telling_order(pair.expected):
        return []
    return [
        order
        for order in _permutations(got.ndim)
        if tuple(got.shape[dim] for dim in order) == shape and pair.explains(got.permute(order))
    ]


def _permutations(ndim: int) -> Iterator[tuple[int, ...]]:
    """Yield every order of `ndim` dimensions but their own."""
    return (order for order in permutations(range(ndim)) if list(order) != sorted(order))


def _explain_permutation(pair: TensorPair) -> Explanation | None:
    orders = _orders(pair)
    if not orders:
        return None
    if pair.got.ndim == 2:
        return Explanation(Mistake.TRANSPOSED, "it is transposed: rows and columns are swapped")
    if len(orders) > 1:
        return Explanation(Mistake.PERMUTED, "it is permuted: its dimensions are in the wrong order")
    moved = [dim for dim, source in enumerate(orders[0]) if dim != source]
    if len(moved) == 2:
        return Explanation(Mistake.PERMUTED, f"it is transposed: dimensions {moved[0]} and {moved[1]} are swapped")
    return Explanation(
        Mistake.PERMUTED, f"it is permuted: `.permute{orders[0]}` would restore the order of its dimensions"
    )


def _explain_reshape(pair: TensorPair) -> Explanation | None:
    """Explain the same values in the same order in another shape."""
    got, expected = pair.got, pair.expected
    if got.shape == expected.shape or not pair.explains(got.reshape(expected.shape)):
        return None
    if not is_varied(expected):
        return Explanation(Mistake.RESHAPED, "the values are right, but not the shape")
    if got.ndim == 1:
        return Explanation(
            Mistake.FLATTENED, "the values and their order are right, but it is flattened to one dimension"
        )
    if expected.ndim == 1:
        return Explanation(Mistake.RESHAPED, "the values and their order are right, but it is not flattened")
    return Explanation(Mistake.RESHAPED, "the values and their order are right, but it is reshaped to the wrong shape")


def _explain_reshape_for_permutation(pair: TensorPair) -> Iterator[Explanation]:
    """Explain `reshape` where dimensions should be permuted, and the reverse."""
    got, expected = pair.got, pair.expected
    if not has_telling_order(expected):
        return
    for given in pair.named:
        if given.tensor.numel() == expected.numel() and _is_read_in_other_order(pair, given.tensor):
            clause = f"`{given.name}` was reshaped with its dimensions in the wrong order"
            yield Explanation(Mistake.REORDERED, clause)
            return
    if _is_permuted_and_reshaped(expected, got):
        clause = "it was reshaped instead of permuted: the values are in the wrong order"
        yield Explanation(Mistake.RESHAPED, clause)
    elif _is_permuted_and_reshaped(got, expected):
        yield Explanation(Mistake.REORDERED, "it was reshaped with its dimensions in the wrong order")


def _is_read_in_other_order(pair: TensorPair, tensor: Tensor) -> bool:
    """Return whether one side is `tensor` reshaped, and the other side `tensor` permuted and reshaped."""
    got, expected = pair.got, pair.expected
    if max(got.ndim, expected.ndim) >= tensor.ndim:
        return False
    return (_is_reshaped(tensor, expected) and _is_permuted_and_reshaped(tensor, got)) or (
        _is_reshaped(tensor, got) and _is_permuted_and_reshaped(tensor, expected)
    )


def _is_permuted_and_reshaped(source: Tensor, result: Tensor) -> bool:
    if not 2 <= source.ndim <= MOST_DIMENSIONS:
        return False
    return any(_is_reshaped(source.permute(order), result) for order in _permutations(source.ndim))


def _is_reshaped(view: Tensor, result: Tensor) -> bool:
    """Return whether `view`, read in row-major order, has the values of `result`."""
    if view.numel() > 256:
        head = min(view.shape[-1], result.shape[-1], MOST_COMPARED_FIRST)
        if not is_same(view[(0,) * (view.ndim - 1)][:head], result[(0,) * (result.ndim - 1)][:head]):
            return False
    return is_same(view.reshape(result.shape), result)


def _explain_broadcast(pair: TensorPair) -> Iterator[Explanation]:
    got, expected = pair.got, pair.expected
    if _expands(expected, got) and is_same(expected.expand(got.shape), got):
        clause = "it was broadcast: each value of the expected result is repeated along another dimension"
        yield Explanation(Mistake.BROADCAST, clause)
    elif _expands(got, expected) and pair.explains(got.expand(expected.shape)):
        yield Explanation(Mistake.BROADCAST, "the values are right, but not yet broadcast to the larger shape")


def _expands(small: Tensor, large: Tensor) -> bool:
    """Return whether `small` broadcasts to exactly the shape of `large`, and has more than one element."""
    if small.ndim > large.ndim or small.numel() >= large.numel() or small.numel() < 2:
        return False
    tail = large.shape[large.ndim - small.ndim :]
    return all(size in (1, wanted) for size, wanted in zip(small.shape, tail, strict=True))

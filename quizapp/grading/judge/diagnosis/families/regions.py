"""What is wrong in some places only: NaN and infinities, one row, column, channel or batch entry."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from quizapp.grading.judge.compare.tensors import differing, dtype_name
from quizapp.grading.judge.diagnosis.evidence import SMALL, TensorPair, Explanation, take_few

NAMES = {
    1: ("element",),
    2: ("row", "column"),
    4: ("batch entry", "channel", "row", "column"),
}
"""What a dimension is called, by the number of them."""


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """What can be said of where the sides differ, where they do not differ everywhere."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.numel() == 0 or got.ndim == 0:
        return
    tolerance = pair.rule.tolerance(dtype_name(got), dtype_name(expected))
    if got.numel() > SMALL and bool(differing(take_few(got), take_few(expected), *tolerance).all()):
        return
    differs = differing(got, expected, *tolerance)
    if bool(differs.all()):
        return
    yield from _alone(differs)


def special(pair: TensorPair) -> Iterator[Explanation]:
    """NaN or infinities where numbers were asked."""
    if pair.got.shape == pair.expected.shape:
        yield from _special(pair.got, pair.expected)


def _special(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    # A sum is finite only where all elements are, and is much cheaper to have.
    if not got.is_floating_point() or bool(got.sum().isfinite()):
        return
    for name, test in (("NaN", torch.isnan), ("infinite", torch.isinf)):
        mine = test(got) & ~test(expected) if expected.is_floating_point() else test(got)
        count = int(mine.count_nonzero())
        if count:
            yield Explanation(name.lower(), f"it is {name} {_first_place(mine, count)}")
            return


def _first_place(where: Tensor, count: int) -> str:
    if where.ndim == 0:
        return "where a number was asked"
    if count == where.numel():
        return "everywhere"
    place = tuple(where.nonzero()[0].tolist())
    index = f"({place[0]})" if len(place) == 1 else str(place)
    return f"at {count} of {where.numel()} places{', first' if count > 1 else ''} at index {index}"


def _alone(differs: Tensor) -> Iterator[Explanation]:
    """One index of one dimension that holds every difference; the smallest such region."""
    found = []
    for dim, size in enumerate(differs.shape):
        others = [place for place in range(differs.ndim) if place != dim]
        touched = differs.any(dim=others) if others else differs
        if size > 1 and int(touched.count_nonzero()) == 1:
            found.append((dim, int(touched.nonzero()[0])))
    large = [dim for dim, size in enumerate(differs.shape) if size > 1]
    if not found:
        return
    if len(found) == len(large):
        index = tuple(differs.nonzero()[0].tolist())
        place = index[0] if len(index) == 1 else index
        yield Explanation("one-element", f"only the element at index {place} is wrong, the rest is right")
        return
    parts = [_part(differs.ndim, dim, index) for dim, index in found]
    yield Explanation("one-region", f"only {' of '.join(reversed(parts))} is wrong, the rest is right")


def _part(ndim: int, dim: int, index: int) -> str:
    return f"{NAMES[ndim][dim]} {index}" if ndim in NAMES else f"index {index} along dimension {dim}"

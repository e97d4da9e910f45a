"""Mistakes in some elements only: NaN and infinities, one row, column, channel or batch entry."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from quizapp.grading.judge.compare.tensors import differing, dtype_name
from quizapp.grading.judge.diagnosis.evidence import SMALL, Explanation, TensorPair, is_varied, take_sample
from quizapp.grading.mistake import Mistake

DIMENSION_NAMES = {
    1: ("element",),
    2: ("row", "column"),
    4: ("batch entry", "channel", "row", "column"),
}
"""Number of dimensions -> the name of an index of each."""

FEWEST_RIGHT_BOOLS = 6
"""Right elements of a mask for each wrong one from which on it is no coincidence that only one region is wrong."""


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Explain tensors that differ at a single index of some dimensions."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.numel() == 0 or got.ndim == 0:
        return
    tolerance = pair.options.tolerance(dtype_name(expected), dtype_name(got))
    if got.numel() > SMALL and bool(differing(take_sample(got), take_sample(expected), *tolerance).all()):
        return
    differs = differing(got, expected, *tolerance)
    if _is_evident(differs, expected):
        yield from _explain_region(differs)


def _is_evident(differs: Tensor, expected: Tensor) -> bool:
    """Return whether the right elements outnumber the wrong ones, without counting zeros, and are not all equal."""
    wrong = int(differs.count_nonzero())
    if wrong > differs.numel() // 2:
        return False
    right = expected[~differs]
    if expected.dtype == torch.bool:
        return right.numel() >= FEWEST_RIGHT_BOOLS * wrong and is_varied(right)
    return is_varied(right) and int(right.count_nonzero()) > wrong


def explain_non_finite(pair: TensorPair) -> Iterator[Explanation]:
    """Explain NaN or infinities where finite numbers are expected."""
    got, expected = pair.got, pair.expected
    # A sum is finite only if all elements are, and is much cheaper to test.
    if got.shape != expected.shape or not got.is_floating_point() or bool(got.sum().isfinite()):
        return
    for name, kind, test in (("NaN", Mistake.NAN, torch.isnan), ("infinite", Mistake.INFINITE, torch.isinf)):
        is_wrong = test(got) & ~test(expected) if expected.is_floating_point() else test(got)
        count = int(is_wrong.count_nonzero())
        if count:
            yield Explanation(kind, f"it is {name} {_places(is_wrong, count)}")
            return


def _places(mask: Tensor, count: int) -> str:
    if mask.ndim == 0:
        return "instead of a number"
    if count == mask.numel():
        return "everywhere"
    first = tuple(mask.nonzero()[0].tolist())
    index = f"({first[0]})" if len(first) == 1 else str(first)
    return f"at {count} of {mask.numel()} places{', first' if count > 1 else ''} at index {index}"


def _explain_region(differs: Tensor) -> Iterator[Explanation]:
    """Explain a mask of differences that lie in the smallest region: one index of one or more dimensions."""
    fixed = []
    for dim, size in enumerate(differs.shape):
        other_dims = [other for other in range(differs.ndim) if other != dim]
        touched = differs.any(dim=other_dims) if other_dims else differs
        if size > 2 and int(touched.count_nonzero()) == 1:
            fixed.append((dim, int(touched.nonzero()[0])))
    if int(differs.count_nonzero()) == 1:
        index = tuple(differs.nonzero()[0].tolist())
        place = index[0] if len(index) == 1 else index
        yield Explanation(Mistake.ONE_ELEMENT, f"only the element at index {place} is wrong")
        return
    if not fixed:
        return
    parts = [_part(differs.ndim, dim, index) for dim, index in fixed]
    yield Explanation(Mistake.ONE_REGION, f"only {' of '.join(reversed(parts))} is wrong")


def _part(ndim: int, dim: int, index: int) -> str:
    return (
        f"{DIMENSION_NAMES[ndim][dim]} {index}" if ndim in DIMENSION_NAMES else f"index {index} along dimension {dim}"
    )

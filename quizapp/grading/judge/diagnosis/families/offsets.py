"""A result whose columns or channels are each off by one amount, as without a bias."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from quizapp.grading.judge.compare.tensors import is_exact
from quizapp.grading.judge.diagnosis.evidence import Explanation, TensorPair, is_close, is_varied, widen
from quizapp.grading.mistake import Mistake

ROUGH_RTOL = 0.1
"""Tolerance of the first test, relative to the largest element: above that of any dtype."""

FEWEST_PER_INDEX = 2
"""Elements of one column or channel from which a common amount is no coincidence."""


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Explain a result where each column, or each channel of (N, C, …), is off by an amount of its own."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.ndim < 2 or is_exact(got) or is_exact(expected) or got.is_complex():
        return
    for dim in dict.fromkeys((got.ndim - 1, 1)):
        if _is_offset_along(dim, got, expected):
            part = "column" if got.ndim == 2 else "channel" if dim == 1 else f"index of dimension {dim}"
            clause = f"each {part} is off by an amount of its own: a bias is missing, or there is one too many"
            yield Explanation(Mistake.MISSING_BIAS, clause)
            return


def _is_offset_along(dim: int, got: Tensor, expected: Tensor) -> bool:
    """Return whether the difference of two tensors depends on the index of one dimension only."""
    others = [axis for axis in range(got.ndim) if axis != dim]
    if got.shape[dim] < 2 or got.numel() < FEWEST_PER_INDEX * got.shape[dim]:
        return False
    if not _has_equal_offsets(dim, got, expected):
        return False
    offset = (widen(expected) - widen(got)).mean(dim=others, keepdim=True)
    if not bool(offset.isfinite().all()) or not is_varied(offset.reshape(-1)):
        return False
    return is_close(widen(got) + offset, expected, got)


def _has_equal_offsets(dim: int, got: Tensor, expected: Tensor) -> bool:
    """Return whether the first and the last line along `dim` have about the same differences; most pairs fail here."""
    lines = [side.movedim(dim, -1) for side in (got, expected)]
    ends = [[widen(line[(place,) * (line.ndim - 1)]) for line in lines] for place in (0, -1)]
    first, last = (wanted - actual for actual, wanted in ends)
    largest = max(float(line.abs().max()) for pair in ends for line in pair)
    return bool(((first - last).abs() <= ROUGH_RTOL * largest).all())

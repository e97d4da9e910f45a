"""The wrong part of a given tensor: a neighbouring index, the wrong dimension, another slice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import Explanation, GivenValue, TensorPair, is_round, is_same
from quizapp.grading.mistake import Mistake

MOST_STARTS = 4
"""Start indices that are compared in full; with more candidates, none is."""


@dataclass(frozen=True, slots=True)
class Part:
    """A slice of a tensor along one dimension."""

    dim: int
    start: int
    length: int | None
    """None for a single index, which removes the dimension."""


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Explain by the first given tensor that both sides are a part of, each in one way only."""
    if pair.got.ndim != pair.expected.ndim or is_round(pair.got) or is_round(pair.expected):
        return
    for given in pair.named:
        if given.tensor.dtype != pair.got.dtype or given.tensor.dtype != pair.expected.dtype:
            continue
        got, expected = list(_parts(given.tensor, pair.got)), list(_parts(given.tensor, pair.expected))
        is_unique = len(got) == len(expected) == 1
        if is_unique and (got[0].dim != expected[0].dim or pair.got.shape == pair.expected.shape):
            yield _explanation(given, got[0], expected[0])
            return


def _parts(tensor: Tensor, result: Tensor) -> Iterator[Part]:
    """Yield every part of `tensor` that equals `result`; none if they have the same shape."""
    shape = tuple(tensor.shape)
    for dim, size in enumerate(shape):
        other_sizes = shape[:dim] + shape[dim + 1 :]
        if 0 in shape or tuple(result.shape) == shape:
            return
        if tuple(result.shape) == other_sizes:
            for start in _starts(tensor, dim, result):
                if is_same(tensor.select(dim, start), result):
                    yield Part(dim, start, None)
        elif result.ndim == tensor.ndim and tuple(result.shape[:dim] + result.shape[dim + 1 :]) == other_sizes:
            length = result.shape[dim]
            for start in _starts(tensor, dim, result):
                if 0 < length <= size - start and is_same(tensor.narrow(dim, start, length), result):
                    yield Part(dim, start, length)


def _starts(tensor: Tensor, dim: int, result: Tensor) -> list[int]:
    """Return the indices along `dim` where the first element of `result` is; none if there are many."""
    if result.numel() == 0:
        return []
    edge = tensor[tuple(slice(None) if other == dim else 0 for other in range(tensor.ndim))]
    starts: list[int] = (edge == result[(0,) * result.ndim]).nonzero().flatten()[: MOST_STARTS + 1].tolist()
    return starts if len(starts) <= MOST_STARTS else []


def _explanation(given: GivenValue, got: Part, expected: Part) -> Explanation:
    along = f" along dimension {got.dim}" if given.tensor.ndim > 1 else ""
    what = "index" if got.length is None else "the slice from index"
    clause = f"it is {what} {got.start}{along} of `{given.name}`"
    step = got.start - expected.start
    if got.dim != expected.dim:
        return Explanation(Mistake.ANOTHER_PART, f"{clause}, but dimension {expected.dim} should be indexed")
    if abs(step) == 1:
        return Explanation(Mistake.OFF_BY_ONE, f"{clause}: off by one, one too {'high' if step > 0 else 'low'}")
    return Explanation(Mistake.ANOTHER_PART, f"{clause}, but another part is expected")

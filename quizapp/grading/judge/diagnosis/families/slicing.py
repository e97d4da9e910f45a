"""Another part of a given tensor than was asked: an index too far, the other dimension, another slice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import TensorPair, Explanation, GivenValue

MOST_STARTS = 4
"""Places at which a part is looked for in full."""


@dataclass(frozen=True, slots=True)
class Part:
    """Entries of a tensor along one dimension; `length` is None for a single one, whose dimension is gone."""

    dim: int
    start: int
    length: int | None


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """The first given tensor that both sides are a part of, and each in one way only."""
    if pair.got.ndim != pair.expected.ndim:
        return
    for given in pair.given:
        if given.tensor.dtype != pair.got.dtype or given.tensor.dtype != pair.expected.dtype:
            continue
        made, wanted = list(_parts(pair, given.tensor, pair.got)), list(_parts(pair, given.tensor, pair.expected))
        if len(made) == len(wanted) == 1 and (made[0].dim != wanted[0].dim or pair.got.shape == pair.expected.shape):
            yield _fit(given, made[0], wanted[0])
            return


def _parts(pair: TensorPair, tensor: Tensor, result: Tensor) -> Iterator[Part]:
    """Every part of `tensor` that `result` is, whole or not."""
    whole = tuple(tensor.shape)
    for dim, size in enumerate(whole):
        others = whole[:dim] + whole[dim + 1 :]
        if 0 in whole or tuple(result.shape) == whole:
            return
        if tuple(result.shape) == others:
            for start in _starts(tensor, dim, result):
                if pair.same(tensor.select(dim, start), result):
                    yield Part(dim, start, None)
        elif result.ndim == tensor.ndim and tuple(result.shape[:dim] + result.shape[dim + 1 :]) == others:
            length = result.shape[dim]
            for start in _starts(tensor, dim, result):
                if 0 < length <= size - start and pair.same(tensor.narrow(dim, start, length), result):
                    yield Part(dim, start, length)


def _starts(tensor: Tensor, dim: int, result: Tensor) -> list[int]:
    """Where along `dim` the first element of `result` stands, a few times at most."""
    if result.numel() == 0:
        return []
    edge = tensor[tuple(slice(None) if place == dim else 0 for place in range(tensor.ndim))]
    starts: list[int] = (edge == result[(0,) * result.ndim]).nonzero().flatten()[: MOST_STARTS + 1].tolist()
    return starts if len(starts) <= MOST_STARTS else []


def _fit(given: GivenValue, made: Part, wanted: Part) -> Explanation:
    along = f" along dimension {made.dim}" if given.tensor.ndim > 1 else ""
    what = f"index {made.start}" if made.length is None else f"the part from index {made.start} on"
    said = f"it is {what}{along} of `{given.name}`"
    step = made.start - wanted.start
    if made.dim != wanted.dim:
        return Explanation("another-part", f"{said}, where dimension {wanted.dim} was to be indexed")
    if abs(step) == 1:
        return Explanation("off-by-one", f"{said}: off by one, one too {'late' if step > 0 else 'early'}")
    return Explanation("another-part", f"{said}, where another part was asked")

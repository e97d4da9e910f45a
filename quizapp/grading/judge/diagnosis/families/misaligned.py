"""A statistic of each line that lost its dimension, and so met the wrong lines when it was broadcast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import TensorPair, Explanation, close

LARGEST = 100_000
"""Elements up to which this is tried."""

Reduce = Callable[[Tensor, int], Tensor]
Combine = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Statistic:
    """What is often taken of each line, and then of all its elements."""

    words: str
    reduce: Reduce
    combine: Combine
    base: Callable[[Tensor], Tensor] = torch.clone


STATISTICS = (
    Statistic("the means of `{x}` along dimension {dim} were subtracted", lambda x, dim: x.mean(dim), torch.sub),
    Statistic("the maxima of `{x}` along dimension {dim} were subtracted", lambda x, dim: x.amax(dim), torch.sub),
    Statistic("`{x}` was divided by its sums along dimension {dim}", lambda x, dim: x.sum(dim), torch.div),
    Statistic("`{x}` was divided by its lengths along dimension {dim}", lambda x, dim: x.norm(dim=dim), torch.div),
    Statistic("`{x}` was divided by its maxima along dimension {dim}", lambda x, dim: x.amax(dim), torch.div),
    Statistic(
        "`{x}.exp()` was divided by its sums along dimension {dim}", lambda x, dim: x.sum(dim), torch.div, torch.exp
    ),
)


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """`x - x.mean(1)` where `x - x.mean(1, keepdim=True)` was asked, and its like."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.ndim < 2 or not 0 < got.numel() <= LARGEST:
        return
    for given in pair.given:
        if given.tensor.shape != got.shape or not given.tensor.is_floating_point():
            continue
        for statistic, dim in product(STATISTICS, range(got.ndim)):
            if _lost(pair, given.tensor, statistic, dim):
                words = statistic.words.format(x=given.name, dim=dim)
                clause = f"{words}, but without `keepdim=True`: they line up with another dimension"
                yield Explanation("lost-dimension", clause)
                return


def _lost(pair: TensorPair, tensor: Tensor, statistic: Statistic, dim: int) -> bool:
    base = statistic.base(tensor.to(torch.float64))
    line = statistic.reduce(base, dim)
    if line.shape != base.shape[1:]:
        return False
    right, wrong = statistic.combine(base, line.unsqueeze(dim)), statistic.combine(base, line)
    return close(right, pair.expected, tensor) and close(wrong, pair.got, tensor)

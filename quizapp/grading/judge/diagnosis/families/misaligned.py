"""A statistic of each line that lost its dimension, and was broadcast along the wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import Explanation, TensorPair, is_close
from quizapp.grading.mistake import Mistake

LARGEST = 100_000
"""Elements of the largest tensor that is searched."""

Reduce = Callable[[Tensor, int], Tensor]
Combine = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic of each line that is often combined with the line's elements."""

    clause: str
    """A template that takes the given name `x` and the dimension `dim`."""

    reduce: Reduce
    combine: Combine
    transform: Callable[[Tensor], Tensor] = torch.clone
    """Applied to the given tensor first."""


STATISTICS = (
    Statistic("the means of `{x}` over dimension {dim} were subtracted", lambda x, dim: x.mean(dim), torch.sub),
    Statistic("the maxima of `{x}` over dimension {dim} were subtracted", lambda x, dim: x.amax(dim), torch.sub),
    Statistic("`{x}` was divided by its sums over dimension {dim}", lambda x, dim: x.sum(dim), torch.div),
    Statistic("`{x}` was divided by its norms over dimension {dim}", lambda x, dim: x.norm(dim=dim), torch.div),
    Statistic("`{x}` was divided by its maxima over dimension {dim}", lambda x, dim: x.amax(dim), torch.div),
    Statistic(
        "`{x}.exp()` was divided by its sums over dimension {dim}", lambda x, dim: x.sum(dim), torch.div, torch.exp
    ),
)


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Explain `x - x.mean(1)` where `x - x.mean(1, keepdim=True)` is expected, and other statistics."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.ndim < 2 or not 0 < got.numel() <= LARGEST:
        return
    for given in pair.named:
        if given.tensor.shape != got.shape or not given.tensor.is_floating_point():
            continue
        for statistic, dim in product(STATISTICS, range(got.ndim)):
            if _has_lost_dimension(pair, given.tensor, statistic, dim):
                clause = statistic.clause.format(x=given.name, dim=dim)
                clause = f"{clause} without `keepdim=True`, so they were broadcast along the wrong dimension"
                yield Explanation(Mistake.LOST_DIMENSION, clause)
                return


def _has_lost_dimension(pair: TensorPair, tensor: Tensor, statistic: Statistic, dim: int) -> bool:
    base = statistic.transform(tensor.to(torch.float64))
    reduced = statistic.reduce(base, dim)
    # Without this, the wrong broadcast would not have the shape of `base`.
    if reduced.shape != base.shape[1:]:
        return False
    right, wrong = statistic.combine(base, reduced.unsqueeze(dim)), statistic.combine(base, reduced)
    return is_close(right, pair.expected, tensor) and is_close(wrong, pair.got, tensor)

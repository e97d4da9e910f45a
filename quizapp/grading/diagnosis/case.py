"""What a diagnosis looks at, and what it is proved with: two tensors, the given values, and a test of equality."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.compare_tensors import differing, dtype_name, is_exact
from quizapp.grading.gaps import TOLERANCES, Rule

SAMPLED = 64
"""Elements that are looked at before all of them are."""

SMALL = 4096
"""Elements up to which looking at all of them costs no more than a sample."""

LARGEST = 4_000_000
"""Elements of a tensor that is searched for an explanation."""


@dataclass(frozen=True, slots=True)
class Fit:
    """An explanation that was tried and holds: a slug and a clause for the learner."""

    family: str
    clause: str
    """Lower case, without its full stop: `it is transposed`."""


@dataclass(frozen=True, slots=True)
class Given:
    """A tensor that `given` bound."""

    name: str
    tensor: Tensor


Map = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Pair:
    """What was got beside what was expected, both dense and real; `given` is what both were made from."""

    got: Tensor
    expected: Tensor
    given: tuple[Given, ...] = ()
    rule: Rule = Rule()

    def same(self, one: Tensor, other: Tensor) -> bool:
        """Whether two tensors of any dtype have one shape and close values."""
        return one.shape == other.shape and close(one, other)

    def explains(self, candidate: Tensor) -> bool:
        """Whether `candidate` is what was expected."""
        return self.same(candidate, self.expected)

    def maps(self, function: Map, one: Tensor, other: Tensor) -> bool:
        """Whether `function` takes each element of `one` to that of `other`; computed in float64."""
        if one.shape != other.shape:
            return False
        if other.numel() > SMALL:
            places = sample(tuple(other.shape))
            if not close(function(one[places].to(torch.float64)), other[places], one):
                return False
        return close(function(one.to(torch.float64)), other, one)


@cache
def sample(shape: tuple[int, ...]) -> tuple[Tensor, ...]:
    """Index of the same few places in every tensor of `shape`, corners among them."""
    generator = np.random.default_rng(0)
    corners = [[0] * len(shape), [size - 1 for size in shape]]
    inner = [generator.integers(0, size, SAMPLED) for size in shape]
    places = np.concatenate([np.array(corners).T, np.stack(inner)], axis=1)
    return tuple(torch.from_numpy(row) for row in places)


def close(one: Tensor, other: Tensor, *sources: Tensor) -> bool:
    """Whether all elements are close by the coarsest dtype among them and the `sources` they were computed from.

    A sample settles most. The absolute tolerance shrinks with small values, so that nothing is explained by
    being near zero.
    """
    if other.numel() > SMALL:
        places = sample(tuple(other.shape))
        if not close(one[places], other[places], *sources):
            return False
    if is_exact(one) and is_exact(other):
        return not differing(one, other, 0.0, 0.0).any()
    dtypes = [dtype_name(tensor) for tensor in (one, other, *sources) if not is_exact(tensor)]
    rtol = 4 * max(TOLERANCES.get(dtype, (0.0, 0.0))[0] for dtype in dtypes)
    atol = rtol * finite_largest(other)
    return _plainly_close(one, other, rtol, atol) or not differing(one, other, rtol, atol).any()


def _plainly_close(one: Tensor, other: Tensor, rtol: float, atol: float) -> bool:
    """The same for large tensors of ordinary numbers, in a third of the time; false where a NaN or infinity is."""
    if other.numel() <= SMALL or one.is_complex() or other.is_complex():
        return False
    away = (one - other.to(one.dtype)).abs_()
    return bool((away <= other.abs().to(away.dtype).mul_(rtol).add_(atol)).all())


def finite_largest(tensor: Tensor) -> float:
    """The largest magnitude among the finite elements, 0 where there is none."""
    if tensor.numel() == 0:
        return 0.0
    low, high = (float(bound) for bound in torch.aminmax(tensor))
    if math.isfinite(low) and math.isfinite(high):
        return max(abs(low), abs(high))
    finite = tensor[tensor.isfinite()]
    return float(finite.abs().max()) if finite.numel() else 0.0


def varied(tensor: Tensor) -> bool:
    """Whether a tensor has at least two different elements."""
    if tensor.numel() < 2:
        return False
    first = tensor[(0,) * tensor.ndim]
    if tensor.numel() > SMALL and bool((tensor[sample(tuple(tensor.shape))] != first).any()):
        return True
    return bool((tensor != first).any())

"""What a diagnosis looks at, and what it is proved with: two tensors, the given values, and a test of equality."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.judge.compare.mismatch import TOLERANCES, ComparisonOptions
from quizapp.grading.judge.compare.tensors import blocks, differing, dtype_name, is_exact

SAMPLED = 64
"""Elements that are looked at before all of them are."""

SMALL = 4096
"""Elements up to which looking at all of them costs no more than a sample."""

EXACT = 1e-9
"""Relative tolerance of what was computed from whole numbers in float64."""

LEAST = 1e-30
"""Absolute tolerance that float32 still holds with all its digits."""

LARGEST = 4_000_000
"""Elements of a tensor that is searched for an explanation."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explanation that was tried and holds: a slug and a clause for the learner."""

    family: str
    clause: str
    """Lower case, without its full stop: `it is transposed`."""


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A tensor that `given` bound."""

    name: str
    tensor: Tensor
    is_item: bool = False
    """It is one of several in a given list."""


Map = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class TensorPair:
    """What was got beside what was expected, both dense; `given` is what both were made from."""

    got: Tensor
    expected: Tensor
    given: tuple[GivenValue, ...] = ()
    rule: ComparisonOptions = ComparisonOptions()
    hidden: bool = False

    def same(self, one: Tensor, other: Tensor) -> bool:
        """Whether two tensors of any dtype have one shape and close values."""
        return one.shape == other.shape and close(one, other)

    def explains(self, candidate: Tensor) -> bool:
        """Whether `candidate` is what was expected."""
        return self.same(candidate, self.expected)

    def maps(self, function: Map, one: Tensor, other: Tensor) -> bool:
        """Whether `function` takes each element of `one` to that of `other`; computed in double precision."""
        if one.shape != other.shape:
            return False
        begun = function(wide(take_few(one)))
        if not close(begun, take_few(other), take_few(one)):
            return False
        if other.numel() <= SMALL:
            return True
        margins = _margins(begun, other, one)
        return all(_near(function(wide(mine)), theirs, *margins) for mine, theirs in blocks(one, other))


def wide(tensor: Tensor) -> Tensor:
    """The same numbers in the widest dtype of their kind."""
    return tensor.to(torch.complex128 if tensor.is_complex() else torch.float64)


@cache
def sample(shape: tuple[int, ...]) -> tuple[Tensor, ...]:
    """Index of the same few places in every tensor of `shape`, corners among them."""
    generator = np.random.default_rng(0)
    corners = [[0] * len(shape), [size - 1 for size in shape]]
    inner = [generator.integers(0, size, SAMPLED) for size in shape]
    places = np.concatenate([np.array(corners).T, np.stack(inner)], axis=1)
    return tuple(torch.from_numpy(row) for row in places)


def take_few(tensor: Tensor) -> Tensor:
    """(n,): some elements of a tensor, at the same places in all of one shape; every one of a small tensor."""
    return tensor[sample(tuple(tensor.shape))] if tensor.numel() > SMALL else tensor.reshape(-1)


def close(one: Tensor, other: Tensor, *sources: Tensor) -> bool:
    """Whether all elements are close by the coarsest dtype among them and the `sources` they were computed from.

    A sample settles most. The absolute tolerance is that of a typical element, so that nothing is explained by being
    small beside the largest. What comes of whole numbers alone must be all but exact.
    """
    if other.numel() > SMALL:
        places = sample(tuple(other.shape))
        some, others = one[places], other[places]
        if _far(some, others) or not close(some, others, *sources):
            return False
    if is_exact(one) and is_exact(other):
        return not differing(one, other, 0.0, 0.0).any()
    margins = _margins(one, other, *sources)
    return all(_near(mine, theirs, *margins) for mine, theirs in blocks(one, other))


def _far(one: Tensor, other: Tensor) -> bool:
    """Whether some element is off by more than any tolerance lets pass, by few and cheap operations."""
    if one.is_complex() or other.is_complex():
        return False
    with np.errstate(all="ignore"):
        mine, theirs = (side.to(torch.float64).numpy() for side in (one, other))
        sizes = np.abs(theirs)
        # A typical size is no larger than the largest; no dtype's margin is above 0.064.
        return bool((np.abs(mine - theirs) > 0.1 * (sizes + sizes.max())).any())


def _margins(one: Tensor, other: Tensor, *sources: Tensor) -> tuple[float, float]:
    """Relative and absolute tolerance between `one`, computed from `sources`, and `other`; not all are exact."""
    dtypes = [dtype_name(tensor) for tensor in (one, other, *sources) if not is_exact(tensor)]
    rtol = 4 * max(TOLERANCES.get(dtype, (0.0, 0.0))[0] for dtype in dtypes)
    if all(is_exact(side) for side in (other, *sources)) and sources:
        rtol = EXACT
    return rtol, rtol * typical(other)


def _near(one: Tensor, other: Tensor, rtol: float, atol: float) -> bool:
    return _plainly_near(one, other, rtol, atol) or not differing(one, other, rtol, atol).any()


def _plainly_near(one: Tensor, other: Tensor, rtol: float, atol: float) -> bool:
    """The same for many ordinary numbers, in a fraction of the time; false where a NaN or infinity is."""
    if other.numel() <= SMALL or one.is_complex() or other.is_complex() or is_exact(other) or atol < LEAST:
        return False
    # A narrow `other` is compared in its own dtype: `rtol` is far above what that loses.
    dtype = torch.promote_types(other.dtype, torch.float32)
    away = one.to(dtype).sub(other).abs_()
    return float(away.sub_(other.abs(), alpha=rtol).amax()) <= atol


def typical(tensor: Tensor) -> float:
    """The median magnitude among the finite elements that are not 0, of a sample of a large tensor; 0 without any."""
    some = tensor[sample(tuple(tensor.shape))] if tensor.numel() > SAMPLED else tensor.reshape(-1)
    sizes = (some if some.is_complex() else some.to(torch.float64)).abs()
    sizes = sizes[sizes.isfinite() & (sizes > 0)]
    return float(sizes.median()) if sizes.numel() else 0.0


def varied(tensor: Tensor) -> bool:
    """Whether a tensor has at least two different elements."""
    if tensor.numel() < 2:
        return False
    first = tensor[(0,) * tensor.ndim]
    if tensor.numel() > SMALL and bool((tensor[sample(tuple(tensor.shape))] != first).any()):
        return True
    return bool((tensor != first).any())

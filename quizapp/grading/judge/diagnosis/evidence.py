"""The data and tests that explanations are proved with: two tensors, the given values, and approximate equality.

Which test to use:

- `pair.explains(candidate)`: a candidate was computed, and should be the expected tensor, shape included.
- `is_same(actual, expected)`: the same for any two tensors.
- `is_close(actual, expected, *sources)`: the shapes are equal. Pass the tensors that `actual` was computed from: the
  coarsest dtype of all sets the tolerance.
- `maps(function, source, target)`: an elementwise function, which is tried on a sample before the whole tensor.

Compute candidates in float64 (`widen`), or their own rounding refutes them. Exclude `torch.bool` before arithmetic.
A tensor that is not `is_varied` proves nothing: all its elements are equal, or none is finite. Explanations that name a
given value take it from `pair.named`, which omits those that agree by coincidence. `is_close` and `maps` test a sample
of a large tensor first, because most candidates fail there; to save the cost of the candidate itself, compute it from
`take_sample` or `sample_index` first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.judge.compare.mismatch import TOLERANCES, ComparisonOptions
from quizapp.grading.judge.compare.tensors import blocks, differing, dtype_name, is_exact
from quizapp.grading.mistake import Mistake

SAMPLE_SIZE = 64
"""Random elements in a sample; the first and the last element are added."""

SMALL = 4096
"""Number of elements up to which testing all of them is as fast as testing a sample."""

EXACT_RTOL = 1e-9
"""Relative tolerance of results computed from integers in float64."""

SMALLEST_ATOL = 1e-30
"""Smallest absolute tolerance that is computed with in float32, well above its smallest normal number."""

FEWEST_DISTINCT = 3
"""Different elements from which on an order, or a common difference of one, is no coincidence."""

SMALLEST_TELLING = 8
"""Magnitude from which on a round number, or a difference of one from it, is no coincidence."""

FEWEST_ORDERED = 8
"""Elements from which on any order is no coincidence, unless all are equal."""

LARGEST = 4_000_000
"""Elements of the largest tensor that is searched for an explanation."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explanation that was computed and holds."""

    kind: Mistake

    clause: str
    """Lower case, without the full stop: `it is transposed`."""


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A tensor that `given` bound."""

    name: str
    tensor: Tensor
    is_item: bool = False
    """Whether it is an item of a given list."""


Map = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class TensorPair:
    """The answer's tensor and the expected one, both dense, and the given tensors that both were computed from."""

    got: Tensor
    expected: Tensor
    given: tuple[GivenValue, ...] = ()
    named: tuple[GivenValue, ...] = ()
    """Those that an explanation may name: `find_named`."""

    options: ComparisonOptions = ComparisonOptions()
    hidden: bool = False
    is_count: bool = False
    """Whether the check counts something, so that a difference of one is no mistake of an index or a range."""

    def explains(self, candidate: Tensor) -> bool:
        """Return whether `candidate` equals the expected tensor, up to rounding."""
        return is_same(candidate, self.expected)


def maps(function: Map, source: Tensor, target: Tensor) -> bool:
    """Return whether `function`, computed in double precision, maps each element of `source` to that of `target`."""
    if source.shape != target.shape:
        return False
    mapped = function(widen(take_sample(source)))
    if not is_close(mapped, take_sample(target), take_sample(source)):
        return False
    if target.numel() <= SMALL:
        return True
    tolerances = _tolerances(mapped, target, source)
    return all(_is_block_close(function(widen(part)), wanted, *tolerances) for part, wanted in blocks(source, target))


def is_same(actual: Tensor, expected: Tensor) -> bool:
    """Return whether two tensors of any dtype have the same shape and close values."""
    return actual.shape == expected.shape and is_close(actual, expected)


def widen(tensor: Tensor) -> Tensor:
    """Return the tensor as float64, or as complex128 if it is complex."""
    return tensor.to(torch.complex128 if tensor.is_complex() else torch.float64)


@cache
def sample_index(shape: tuple[int, ...]) -> tuple[Tensor, ...]:
    """Return the index of a fixed sample of a tensor of `shape`: one tensor of (SAMPLE_SIZE + 2,) per dimension.

    The sample is the same for every tensor of one shape, and includes the first and the last element.
    """
    generator = np.random.default_rng(0)
    corners = [[0] * len(shape), [size - 1 for size in shape]]
    inner = [generator.integers(0, size, SAMPLE_SIZE) for size in shape]
    index = np.concatenate([np.array(corners).T, np.stack(inner)], axis=1)
    return tuple(torch.from_numpy(row) for row in index)


def take_sample(tensor: Tensor) -> Tensor:
    """Return (n,): the sampled elements of a large tensor, or all elements of a small one."""
    return tensor[sample_index(tuple(tensor.shape))] if tensor.numel() > SMALL else tensor.reshape(-1)


def is_close(actual: Tensor, expected: Tensor, *sources: Tensor) -> bool:
    """Return whether all elements of two tensors of one shape are close.

    The tolerance is that of the coarsest dtype among both tensors and the `sources` that `actual` was computed from.
    The absolute tolerance scales with a typical element, not the largest, so that small elements are compared too.
    Results computed from integers alone must be exact up to EXACT_RTOL.
    """
    if expected.numel() > SMALL:
        index = sample_index(tuple(expected.shape))
        actual_sample, expected_sample = actual[index], expected[index]
        if _is_far(actual_sample, expected_sample) or not is_close(actual_sample, expected_sample, *sources):
            return False
    if is_exact(actual) and is_exact(expected):
        return not differing(actual, expected, 0.0, 0.0).any()
    tolerances = _tolerances(actual, expected, *sources)
    return all(_is_block_close(part, wanted, *tolerances) for part, wanted in blocks(actual, expected))


def _is_far(actual: Tensor, expected: Tensor) -> bool:
    """Return whether some element is off by more than any tolerance allows; a cheap test in NumPy."""
    if actual.is_complex() or expected.is_complex():
        return False
    with np.errstate(all="ignore"):
        got, wanted = (side.to(torch.float64).numpy() for side in (actual, expected))
        magnitudes = np.abs(wanted)
        # A typical magnitude is at most the largest one, and no dtype's rtol exceeds 4 * 1.6e-2 = 0.064 (bfloat16).
        return bool((np.abs(got - wanted) > 0.1 * (magnitudes + magnitudes.max())).any())


def _tolerances(actual: Tensor, expected: Tensor, *sources: Tensor) -> tuple[float, float]:
    """Return (rtol, atol) for comparing `actual`, computed from `sources`, with `expected`; not all are exact."""
    dtypes = [dtype_name(tensor) for tensor in (actual, expected, *sources) if not is_exact(tensor)]
    # Rounding errors add up over the several operations of an explanation.
    rtol = 4 * max(TOLERANCES.get(dtype, (0.0, 0.0))[0] for dtype in dtypes)
    if all(is_exact(side) for side in (expected, *sources)) and sources:
        rtol = EXACT_RTOL
    return rtol, rtol * typical_magnitude(expected)


def _is_block_close(actual: Tensor, expected: Tensor, rtol: float, atol: float) -> bool:
    return _is_finite_block_close(actual, expected, rtol, atol) or not differing(actual, expected, rtol, atol).any()


def _is_finite_block_close(actual: Tensor, expected: Tensor, rtol: float, atol: float) -> bool:
    """Compare a block of finite real numbers in a fraction of the time; False for a NaN or an infinity."""
    is_special = actual.is_complex() or expected.is_complex() or is_exact(expected)
    if expected.numel() <= SMALL or is_special or atol < SMALLEST_ATOL:
        return False
    # A narrow `expected` is compared in float32: `rtol` is far above the rounding error of that.
    dtype = torch.promote_types(expected.dtype, torch.float32)
    error = actual.to(dtype).sub(expected).abs_()
    return float(error.sub_(expected.abs(), alpha=rtol).amax()) <= atol


def typical_magnitude(tensor: Tensor) -> float:
    """Return the median magnitude of the finite non-zero elements (of a sample, if large), or 0 without any."""
    elements = tensor[sample_index(tuple(tensor.shape))] if tensor.numel() > SAMPLE_SIZE else tensor.reshape(-1)
    magnitudes = (elements if elements.is_complex() else elements.to(torch.float64)).abs()
    magnitudes = magnitudes[magnitudes.isfinite() & (magnitudes > 0)]
    return float(magnitudes.median()) if magnitudes.numel() else 0.0


def is_varied(tensor: Tensor) -> bool:
    """Return whether a tensor has a finite element and one that differs from it; NaN does not count."""
    if tensor.numel() < 2:
        return False
    if tensor.numel() > SMALL and _has_two_values(tensor[sample_index(tuple(tensor.shape))]):
        return True
    return _has_two_values(tensor)


def _has_two_values(tensor: Tensor) -> bool:
    elements = tensor.reshape(-1)
    if not is_exact(tensor):
        elements = elements[~elements.isnan()]
        if not bool(elements.isfinite().any()):
            return False
    return bool((elements != elements[0]).any())


def has_telling_order(tensor: Tensor) -> bool:
    """Return whether the elements differ enough that no other tensor has them in another order by coincidence.

    Few bools, and few numbers of which most are equal, such as predicted classes, do not.
    """
    if tensor.numel() >= FEWEST_ORDERED:
        return is_varied(tensor)
    distinct = len(set(tensor.reshape(-1).tolist()))
    return tensor.dtype != torch.bool and distinct >= min(FEWEST_DISTINCT, tensor.numel()) and is_varied(tensor)


def is_round(tensor: Tensor) -> bool:
    """Return whether a single number is so round that its relation to another one is no evidence."""
    return tensor.numel() == 1 and not tensor.is_complex() and (float(tensor) * 16).is_integer()


def has_finite(tensor: Tensor) -> bool:
    """Return whether a tensor is empty or has a finite element."""
    if is_exact(tensor) or tensor.numel() == 0 or bool(take_sample(tensor).isfinite().any()):
        return True
    return bool(tensor.isfinite().any())


def find_named(got: Tensor, expected: Tensor, given: Sequence[GivenValue]) -> tuple[GivenValue, ...]:
    """Return the given values that an explanation may name.

    A constant agrees with many values by coincidence: a constant result therefore names no given value, unless the
    shapes differ, and a constant tensor is never named. Nor is any value if a single number is 0, or small and round.
    """
    if got.numel() == expected.numel() == 1:
        is_evident = all(has_finite(side) and bool((side != 0).all()) for side in (got, expected))
        is_small = is_round(got) and abs(float(got)) < SMALLEST_TELLING
        return tuple(given) if is_evident and not is_small else ()
    varied = [is_varied(side) for side in (got, expected)]
    if not any(varied) or (got.shape == expected.shape and not all(varied)):
        return ()
    return tuple(value for value in given if value.tensor.numel() == 1 or is_varied(value.tensor))

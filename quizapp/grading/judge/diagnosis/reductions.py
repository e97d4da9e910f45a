"""Torch functions along one dimension, their names, and cheap tests of whether a result can come from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

AlongDimension = Callable[[Tensor, int], Tensor]
"""(tensor, dimension) -> result."""

Statistics = Callable[[Tensor, int], tuple[Tensor, ...]]
"""(tensor, dimension) -> statistics of each line, with the dimension kept."""

FloatArray = np.ndarray[tuple[int], np.dtype[np.float64]]

HEAD_SIZE = 64
"""Elements of a line that the plausibility tests look at."""

ROUGH_RTOL = 1e-3
"""Relative tolerance of the plausibility tests, far above that of any dtype they are used on."""


class Line:
    """One line (n,) of a tensor along some dimension, with its ends as NumPy arrays."""

    def __init__(self, values: Tensor) -> None:
        self.values = values

    @cached_property
    def head(self) -> FloatArray:
        """(at most HEAD_SIZE,): the first elements."""
        head: FloatArray = self.values[:HEAD_SIZE].to(torch.float64).numpy()
        return head

    @cached_property
    def tail(self) -> FloatArray:
        """(at most HEAD_SIZE,): the last elements."""
        tail: FloatArray = self.values[-HEAD_SIZE:].to(torch.float64).numpy()
        return tail


Plausibility = Callable[[Line, Line], bool]
"""(line, image) -> whether the image can be the function of the line, judged by a few elements of both."""


@dataclass(frozen=True, slots=True, eq=False)
class DimensionFunction:
    """A torch function along one dimension."""

    name: str
    """A noun such as `softmax`, or a participle such as `sorted`."""

    apply: AlongDimension
    accepts_integers: bool = True
    """Whether it computes in integers; otherwise integers are converted to float64."""

    is_noun: bool = True
    result_kind: str = "same"
    """The dtype of its results: `same` as its input, `int` or `bool`."""

    is_plausible: Plausibility | None = None
    statistics: Statistics | None = None
    """The statistics of a whole line that each element of the image depends on, such as the mean."""

    from_statistics: Callable[..., Tensor] | None = None
    """Computes a part of the image from a part of the line and the line's statistics."""

    is_for_even: bool = False
    """Whether it is only defined for an even number of elements."""

    @property
    def noun_phrase(self) -> str:
        """`the softmax` or `sorted`."""
        return f"the {self.name}" if self.is_noun else self.name

    def applied_to(self, operand: str) -> str:
        """Return `the softmax of x was taken` or `x was sorted`."""
        return f"the {self.name} of {operand} was taken" if self.is_noun else f"{operand} was {self.name}"


def _is_near(actual: FloatArray, expected: FloatArray) -> bool:
    # Clipped, so that an infinity is not close to every number.
    scale = np.maximum(np.abs(actual), np.abs(expected)).clip(max=1e300)
    near = np.abs(actual - expected) <= ROUGH_RTOL * scale + 1e-9
    return bool((near | (actual == expected) | (np.isnan(actual) & np.isnan(expected))).all())


def _is_constant(values: FloatArray) -> bool:
    """Return whether all finite values are about the same."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return True
    low, high = float(finite.min()), float(finite.max())
    return high - low <= ROUGH_RTOL * (1.0 + max(abs(low), abs(high)))


def _is_scaled(line: Line, image: Line) -> bool:
    return _is_constant(image.head / line.head)


def _is_shifted(line: Line, image: Line) -> bool:
    return _is_constant(image.head - line.head)


def _is_affine(line: Line, image: Line) -> bool:
    """Return whether the image is the line scaled and shifted: then the ratio of their differences is constant."""
    return _is_constant(np.diff(image.head) / np.diff(line.head))


def _is_softmax(line: Line, image: Line) -> bool:
    return bool((image.head >= 0).all()) and _is_constant(np.log(image.head) - line.head)


def _is_cumulative_sum(line: Line, image: Line) -> bool:
    return _is_near(image.head[:1], line.head[:1]) and _is_near(image.head[:-1] + line.head[1:], image.head[1:])


def _is_cumulative_product(line: Line, image: Line) -> bool:
    return _is_near(image.head[:1], line.head[:1]) and _is_near(image.head[:-1] * line.head[1:], image.head[1:])


def _is_ascending(line: Line, image: Line) -> bool:
    return not bool((image.head[1:] < image.head[:-1]).any())


def _is_descending(line: Line, image: Line) -> bool:
    return not bool((image.head[1:] > image.head[:-1]).any())


def _is_argsort(line: Line, image: Line) -> bool:
    ranks = image.values[:HEAD_SIZE]
    if bool(((ranks < 0) | (ranks >= line.values.numel())).any()):
        return False
    ordered = line.values[ranks.to(torch.int64)]
    return not bool((ordered[1:] < ordered[:-1]).any())


def _is_reversed(line: Line, image: Line) -> bool:
    return _is_near(line.tail[::-1], image.head)


def _is_delayed(line: Line, image: Line) -> bool:
    return _is_near(line.head[:-1], image.head[1:])


def _is_advanced(line: Line, image: Line) -> bool:
    return _is_near(line.head[1:], image.head[:-1])


def _float_reduction(name: str, apply: AlongDimension) -> DimensionFunction:
    return DimensionFunction(name, apply, accepts_integers=False)


def _mapping(
    name: str, apply: AlongDimension, is_plausible: Plausibility, result_kind: str = "same"
) -> DimensionFunction:
    return DimensionFunction(name, apply, is_noun=False, result_kind=result_kind, is_plausible=is_plausible)


def _by_statistics(
    name: str,
    statistics: Statistics,
    from_statistics: Callable[..., Tensor],
    is_plausible: Plausibility,
    apply: AlongDimension | None = None,
) -> DimensionFunction:
    """Return a mapping whose image depends on each element and on statistics of its line."""
    return DimensionFunction(
        name,
        apply or (lambda x, dim: from_statistics(x, *statistics(x, dim))),
        accepts_integers=False,
        # torch's own functions have names that are nouns.
        is_noun=apply is not None,
        is_plausible=is_plausible,
        statistics=statistics,
        from_statistics=from_statistics,
    )


def _logsumexp(x: Tensor, dim: int) -> tuple[Tensor, ...]:
    return (x.logsumexp(dim, keepdim=True),)


def _mean_and_deviation(correction: int) -> Statistics:
    def statistics(x: Tensor, dim: int) -> tuple[Tensor, ...]:
        # Two calls, because `std_mean` takes several times as long.
        return x.mean(dim, keepdim=True), x.std(dim, correction=correction, keepdim=True)

    return statistics


def _standardise(x: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
    return (x - mean) / deviation


def _averaged_median(x: Tensor, dim: int) -> Tensor:
    """Return the median as NumPy and pandas define it: of an even number of elements, the mean of the middle two."""
    middle = x.shape[dim] // 2
    return x.sort(dim).values.narrow(dim, middle - 1, 2).mean(dim)


REDUCTIONS = (
    DimensionFunction("sum", lambda x, dim: x.sum(dim)),
    _float_reduction("mean", lambda x, dim: x.mean(dim)),
    DimensionFunction("maximum", lambda x, dim: x.amax(dim)),
    DimensionFunction("minimum", lambda x, dim: x.amin(dim)),
    DimensionFunction("`argmax`", lambda x, dim: x.argmax(dim), result_kind="int"),
    DimensionFunction("`argmin`", lambda x, dim: x.argmin(dim), result_kind="int"),
    DimensionFunction("product", lambda x, dim: x.prod(dim)),
    _float_reduction("variance", lambda x, dim: x.var(dim)),
    _float_reduction("biased variance", lambda x, dim: x.var(dim, correction=0)),
    _float_reduction("standard deviation", lambda x, dim: x.std(dim)),
    _float_reduction("biased standard deviation", lambda x, dim: x.std(dim, correction=0)),
    _float_reduction("norm", lambda x, dim: x.square().sum(dim).sqrt()),
    _float_reduction("`logsumexp`", lambda x, dim: x.logsumexp(dim)),
    DimensionFunction("median", lambda x, dim: x.median(dim).values),
    DimensionFunction("median", _averaged_median, accepts_integers=False, is_for_even=True),
    DimensionFunction("`any`", lambda x, dim: (x != 0).any(dim), result_kind="bool"),
    DimensionFunction("`all`", lambda x, dim: (x != 0).all(dim), result_kind="bool"),
)
"""Functions whose result has lost the dimension."""

MAPPINGS = (
    _by_statistics("softmax", _logsumexp, lambda x, log: (x - log).exp(), _is_softmax, torch.softmax),
    _by_statistics("log-softmax", _logsumexp, torch.sub, _is_shifted, torch.log_softmax),
    _by_statistics("normalised to a sum of 1", lambda x, dim: (x.sum(dim, keepdim=True),), torch.div, _is_scaled),
    _by_statistics("normalised to length 1", lambda x, dim: (x.norm(dim=dim, keepdim=True),), torch.div, _is_scaled),
    _by_statistics("centred", lambda x, dim: (x.mean(dim, keepdim=True),), torch.sub, _is_shifted),
    _by_statistics("standardised", _mean_and_deviation(1), _standardise, _is_affine),
    _by_statistics("standardised without correction", _mean_and_deviation(0), _standardise, _is_affine),
    _by_statistics("divided by its maximum", lambda x, dim: (x.amax(dim, keepdim=True),), torch.div, _is_scaled),
    DimensionFunction("cumulative sum", lambda x, dim: x.cumsum(dim), is_plausible=_is_cumulative_sum),
    DimensionFunction("cumulative product", lambda x, dim: x.cumprod(dim), is_plausible=_is_cumulative_product),
    _mapping("sorted", lambda x, dim: x.sort(dim).values, _is_ascending),
    _mapping("sorted in descending order", lambda x, dim: x.sort(dim, descending=True).values, _is_descending),
    _mapping("ranked by `argsort`", lambda x, dim: x.argsort(dim), _is_argsort, "int"),
    _mapping("reversed", lambda x, dim: x.flip(dim), _is_reversed),
    _mapping("rolled by 1", lambda x, dim: x.roll(1, dim), _is_delayed),
    _mapping("rolled by -1", lambda x, dim: x.roll(-1, dim), _is_advanced),
)
"""Functions whose result has the shape of their input."""

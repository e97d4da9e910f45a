"""Torch functions along one dimension, in a learner's words, with a cheap look at whether a result can be theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

Along = Callable[[Tensor, int], Tensor]
Few = np.ndarray[tuple[int], np.dtype[np.float64]]
Level = Callable[[Tensor, int], tuple[Tensor, ...]]

LOOKED_AT = 64
"""Elements of a line that are looked at before a function is tried."""

ROUGH = 1e-3
"""Relative error up to which a look lets a result pass."""


class Line:
    """One line of a tensor, and the few elements of it that are looked at."""

    def __init__(self, values: Tensor) -> None:
        self.values = values

    @cached_property
    def head(self) -> Few:
        """(at most LOOKED_AT,): its first elements."""
        head: Few = self.values[:LOOKED_AT].to(torch.float64).numpy()
        return head

    @cached_property
    def tail(self) -> Few:
        """(at most LOOKED_AT,): its last elements."""
        tail: Few = self.values[-LOOKED_AT:].to(torch.float64).numpy()
        return tail


Look = Callable[[Line, Line], bool]


@dataclass(frozen=True, slots=True, eq=False)
class DimensionFunction:
    """A torch function along one dimension; the words say what was done with it."""

    words: str
    apply: Along
    integers: bool = True
    """Whether it takes integers as they are."""

    gives: str = "same"
    """The dtype of its results: `same` as it works in, `int` or `bool`."""

    look: Look | None = None
    """Whether a line and its image can belong together, by a few elements of both."""

    level: Level | None = None
    """What of a whole line its images depend on, beside each element; with it, `by_level` makes a part of the image."""

    by_level: Callable[..., Tensor] | None = None


def _near(one: Few, other: Few) -> bool:
    scale = np.maximum(np.abs(one), np.abs(other)).clip(max=1e300)
    near = np.abs(one - other) <= ROUGH * scale + 1e-9
    return bool((near | (one == other) | (np.isnan(one) & np.isnan(other))).all())


def _even(values: Few) -> bool:
    """Whether all values are about the same; those that are no number do not count."""
    usable = values[np.isfinite(values)]
    if not usable.size:
        return True
    low, high = float(usable.min()), float(usable.max())
    return high - low <= ROUGH * (1.0 + max(abs(low), abs(high)))


def _by_factor(line: Line, image: Line) -> bool:
    return _even(image.head / line.head)


def _by_amount(line: Line, image: Line) -> bool:
    return _even(image.head - line.head)


def _by_both(line: Line, image: Line) -> bool:
    """Whether the image is the line scaled and shifted: differences keep their proportion."""
    return _even(np.diff(image.head) / np.diff(line.head))


def _as_softmax(line: Line, image: Line) -> bool:
    return bool((image.head >= 0).all()) and _even(np.log(image.head) - line.head)


def _as_sums(line: Line, image: Line) -> bool:
    return _near(image.head[:1], line.head[:1]) and _near(image.head[:-1] + line.head[1:], image.head[1:])


def _as_products(line: Line, image: Line) -> bool:
    return _near(image.head[:1], line.head[:1]) and _near(image.head[:-1] * line.head[1:], image.head[1:])


def _rising(line: Line, image: Line) -> bool:
    return not bool((image.head[1:] < image.head[:-1]).any())


def _falling(line: Line, image: Line) -> bool:
    return not bool((image.head[1:] > image.head[:-1]).any())


def _as_ranks(line: Line, image: Line) -> bool:
    ranks = image.values[:LOOKED_AT]
    if bool(((ranks < 0) | (ranks >= line.values.numel())).any()):
        return False
    ordered = line.values[ranks.to(torch.int64)]
    return not bool((ordered[1:] < ordered[:-1]).any())


def _as_reversed(line: Line, image: Line) -> bool:
    return _near(line.tail[::-1], image.head)


def _as_later(line: Line, image: Line) -> bool:
    return _near(line.head[:-1], image.head[1:])


def _as_earlier(line: Line, image: Line) -> bool:
    return _near(line.head[1:], image.head[:-1])


def _real(words: str, apply: Along) -> DimensionFunction:
    return DimensionFunction(words, apply, integers=False)


def _levelled(
    words: str, level: Level, by_level: Callable[..., Tensor], look: Look, apply: Along | None = None
) -> DimensionFunction:
    """An image is made of each element and a level of its line, such as the mean."""
    made = apply or (lambda x, dim: by_level(x, *level(x, dim)))
    return DimensionFunction(words, made, integers=False, look=look, level=level, by_level=by_level)


def _log_of_sum(x: Tensor, dim: int) -> tuple[Tensor, ...]:
    return (x.logsumexp(dim, keepdim=True),)


def _deviation(correction: int) -> Level:
    def level(x: Tensor, dim: int) -> tuple[Tensor, ...]:
        # One after the other: `std_mean` takes several times as long.
        return x.mean(dim, keepdim=True), x.std(dim, correction=correction, keepdim=True)

    return level


def _standardise(x: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
    return (x - mean) / deviation


REDUCTIONS = (
    DimensionFunction("summed", lambda x, dim: x.sum(dim)),
    _real("averaged", lambda x, dim: x.mean(dim)),
    DimensionFunction("reduced to its maximum", lambda x, dim: x.amax(dim)),
    DimensionFunction("reduced to its minimum", lambda x, dim: x.amin(dim)),
    DimensionFunction("searched for its largest element", lambda x, dim: x.argmax(dim), gives="int"),
    DimensionFunction("searched for its smallest element", lambda x, dim: x.argmin(dim), gives="int"),
    DimensionFunction("multiplied together", lambda x, dim: x.prod(dim)),
    _real("reduced to its variance", lambda x, dim: x.var(dim)),
    _real("reduced to its variance without correction", lambda x, dim: x.var(dim, correction=0)),
    _real("reduced to its standard deviation", lambda x, dim: x.std(dim)),
    _real("reduced to its standard deviation without correction", lambda x, dim: x.std(dim, correction=0)),
    _real("reduced to its norm", lambda x, dim: x.square().sum(dim).sqrt()),
    _real("reduced by `logsumexp`", lambda x, dim: x.logsumexp(dim)),
    DimensionFunction("reduced to its median", lambda x, dim: x.median(dim).values),
    DimensionFunction("tested with `any`", lambda x, dim: (x != 0).any(dim), gives="bool"),
    DimensionFunction("tested with `all`", lambda x, dim: (x != 0).all(dim), gives="bool"),
)
MAPPINGS = (
    _levelled("turned into a softmax", _log_of_sum, lambda x, log: (x - log).exp(), _as_softmax, torch.softmax),
    _levelled("turned into a log-softmax", _log_of_sum, torch.sub, _by_amount, torch.log_softmax),
    _levelled("normalised to a sum of 1", lambda x, dim: (x.sum(dim, keepdim=True),), torch.div, _by_factor),
    _levelled("normalised to length 1", lambda x, dim: (x.norm(dim=dim, keepdim=True),), torch.div, _by_factor),
    _levelled("centred", lambda x, dim: (x.mean(dim, keepdim=True),), torch.sub, _by_amount),
    _levelled("standardised", _deviation(1), _standardise, _by_both),
    _levelled("standardised without correction", _deviation(0), _standardise, _by_both),
    _levelled("scaled by its maximum", lambda x, dim: (x.amax(dim, keepdim=True),), torch.div, _by_factor),
    DimensionFunction("summed up step by step", lambda x, dim: x.cumsum(dim), look=_as_sums),
    DimensionFunction("multiplied up step by step", lambda x, dim: x.cumprod(dim), look=_as_products),
    DimensionFunction("sorted", lambda x, dim: x.sort(dim).values, look=_rising),
    DimensionFunction("sorted downwards", lambda x, dim: x.sort(dim, descending=True).values, look=_falling),
    DimensionFunction("ranked by `argsort`", lambda x, dim: x.argsort(dim), gives="int", look=_as_ranks),
    DimensionFunction("reversed", lambda x, dim: x.flip(dim), look=_as_reversed),
    DimensionFunction("rolled by 1", lambda x, dim: x.roll(1, dim), look=_as_later),
    DimensionFunction("rolled by -1", lambda x, dim: x.roll(-1, dim), look=_as_earlier),
)

"""Torch functions along one dimension, in a learner's words, with a cheap look at whether a result can be theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Along = Callable[[Tensor, int], Tensor]
Look = Callable[[Tensor, Tensor], bool]

ROUGH = 1e-3
"""Relative error up to which a look lets a result pass."""


@dataclass(frozen=True, slots=True)
class Function:
    """A torch function along one dimension; the words say what was done with it."""

    words: str
    apply: Along
    integers: bool = True
    """Whether it takes integers as they are."""

    gives: str = "same"
    """The dtype of its results: `same` as it works in, `int` or `bool`."""

    look: Look | None = None
    """Whether the beginning of a line, and that of its image, can belong together; both in float64."""


def _near(one: Tensor, other: Tensor) -> bool:
    scale = torch.maximum(one.abs(), other.abs()).clamp(max=1e300)
    return bool(((one - other).abs() <= ROUGH * scale + 1e-9).all())


def _even(values: Tensor) -> bool:
    """Whether all values are about the same; those that are no number do not count."""
    usable = values[values.isfinite()]
    return usable.numel() == 0 or float(usable.max() - usable.min()) <= ROUGH * (1.0 + float(usable.abs().max()))


def _by_factor(line: Tensor, image: Tensor) -> bool:
    return _even(image / line)


def _by_amount(line: Tensor, image: Tensor) -> bool:
    return _even(image - line)


def _by_both(line: Tensor, image: Tensor) -> bool:
    """Whether the image is the line scaled and shifted: differences keep their proportion."""
    return _even((image[1:] - image[:-1]) / (line[1:] - line[:-1]))


def _as_softmax(line: Tensor, image: Tensor) -> bool:
    return bool((image >= 0).all()) and _even(image.log() - line)


def _as_sums(line: Tensor, image: Tensor) -> bool:
    return _near(image[0], line[0]) and _near(image[:-1] + line[1:], image[1:])


def _as_products(line: Tensor, image: Tensor) -> bool:
    return _near(image[0], line[0]) and _near(image[:-1] * line[1:], image[1:])


def _rising(line: Tensor, image: Tensor) -> bool:
    return bool((image[1:] >= image[:-1]).all())


def _falling(line: Tensor, image: Tensor) -> bool:
    return bool((image[1:] <= image[:-1]).all())


def _real(words: str, apply: Along, look: Look | None = None) -> Function:
    return Function(words, apply, integers=False, look=look)


def _standardised(x: Tensor, dim: int, correction: int) -> Tensor:
    return (x - x.mean(dim, keepdim=True)) / x.std(dim, keepdim=True, correction=correction)


REDUCTIONS = (
    Function("summed", lambda x, dim: x.sum(dim)),
    _real("averaged", lambda x, dim: x.mean(dim)),
    Function("reduced to its maximum", lambda x, dim: x.amax(dim)),
    Function("reduced to its minimum", lambda x, dim: x.amin(dim)),
    Function("searched for its largest element", lambda x, dim: x.argmax(dim), gives="int"),
    Function("searched for its smallest element", lambda x, dim: x.argmin(dim), gives="int"),
    Function("multiplied together", lambda x, dim: x.prod(dim)),
    _real("reduced to its variance", lambda x, dim: x.var(dim)),
    _real("reduced to its variance without correction", lambda x, dim: x.var(dim, correction=0)),
    _real("reduced to its standard deviation", lambda x, dim: x.std(dim)),
    _real("reduced to its standard deviation without correction", lambda x, dim: x.std(dim, correction=0)),
    _real("reduced to its norm", lambda x, dim: x.square().sum(dim).sqrt()),
    _real("reduced by `logsumexp`", lambda x, dim: x.logsumexp(dim)),
    Function("reduced to its median", lambda x, dim: x.median(dim).values),
    Function("tested with `any`", lambda x, dim: (x != 0).any(dim), gives="bool"),
    Function("tested with `all`", lambda x, dim: (x != 0).all(dim), gives="bool"),
)
MAPPINGS = (
    _real("turned into a softmax", torch.softmax, _as_softmax),
    _real("turned into a log-softmax", torch.log_softmax, _by_amount),
    _real("normalised to a sum of 1", lambda x, dim: x / x.sum(dim, keepdim=True), _by_factor),
    _real("normalised to length 1", lambda x, dim: x / x.square().sum(dim, keepdim=True).sqrt(), _by_factor),
    _real("centred", lambda x, dim: x - x.mean(dim, keepdim=True), _by_amount),
    _real("standardised", lambda x, dim: _standardised(x, dim, 1), _by_both),
    _real("standardised without correction", lambda x, dim: _standardised(x, dim, 0), _by_both),
    _real("scaled by its maximum", lambda x, dim: x / x.amax(dim, keepdim=True), _by_factor),
    Function("summed up step by step", lambda x, dim: x.cumsum(dim), look=_as_sums),
    Function("multiplied up step by step", lambda x, dim: x.cumprod(dim), look=_as_products),
    Function("sorted", lambda x, dim: x.sort(dim).values, look=_rising),
    Function("sorted downwards", lambda x, dim: x.sort(dim, descending=True).values, look=_falling),
    Function("ranked by `argsort`", lambda x, dim: x.argsort(dim), gives="int"),
    Function("reversed", lambda x, dim: x.flip(dim)),
    Function("rolled by 1", lambda x, dim: x.roll(1, dim)),
    Function("rolled by -1", lambda x, dim: x.roll(-1, dim)),
)

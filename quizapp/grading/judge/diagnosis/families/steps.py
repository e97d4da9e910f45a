"""A step along a dimension that is missing, or too many: raw scores where a log-softmax was asked, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import TensorPair, Explanation, GivenValue, varied
from quizapp.grading.judge.diagnosis.families.wrong_dimension import Lines, Search, over
from quizapp.grading.judge.diagnosis.reductions import MAPPINGS, DimensionFunction

OF_ORDER = ("sorted", "reversed", "rolled")
"""What is said of these is found, and said better, by the order of the elements."""

STEPS = tuple(function for function in MAPPINGS if not function.words.startswith(OF_ORDER))

FEWEST = 3
"""Elements below which a step that fits would be a coincidence."""


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """The first step that takes one side to the other."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.ndim == 0 or got.numel() < FEWEST or not varied(expected):
        return
    missing = _step(pair, got, expected)
    if missing:
        yield Explanation("step-missing", f"it still has to be {missing}")
        return
    extra = _step(pair, expected, got) if varied(got) else None
    if extra:
        yield Explanation("step-too-many", f"it was {extra}, where the values before that were asked")


def _step(pair: TensorPair, one: Tensor, other: Tensor) -> str | None:
    """What takes `one` to `other`, in words."""
    search = Search(pair, GivenValue("", one), Lines())
    found = ((function, search.dims(function, other)) for function in STEPS)
    return next((_words(function, dims, one) for function, dims in found if dims), None)


def _words(function: DimensionFunction, dims: tuple[int, ...], tensor: Tensor) -> str:
    if tensor.ndim == 1:
        return function.words
    return f"{function.words} {over(dims[0]) if len(dims) == 1 else 'along one of its dimensions'}"

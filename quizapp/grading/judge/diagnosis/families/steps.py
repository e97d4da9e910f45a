"""A step along a dimension that is missing or extra: scores where a log-softmax is expected, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import Explanation, GivenValue, TensorPair, is_varied
from quizapp.grading.judge.diagnosis.families.wrong_dimension import DimensionSearch, LineCache, place
from quizapp.grading.judge.diagnosis.reductions import MAPPINGS, DimensionFunction

REORDERING = ("sorted", "reversed", "rolled")
"""Functions that `orders` explains more specifically."""

STEPS = tuple(function for function in MAPPINGS if not function.name.startswith(REORDERING))

FEWEST = 3
"""Elements below which a step that fits would be a coincidence."""


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Explain by the first step that takes one side to the other."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.ndim == 0 or got.numel() < FEWEST or not is_varied(expected):
        return
    missing = _find_step(got, expected)
    if missing:
        yield Explanation("step-missing", _missing(*missing))
        return
    extra = _find_step(expected, got) if is_varied(got) else None
    if extra:
        function, where = extra
        clause = f"the {function.name} was taken" if function.is_noun else f"it was {function.name}"
        yield Explanation("step-too-many", f"{clause}{where}, but should not be")


def _missing(function: DimensionFunction, where: str) -> str:
    if function.is_noun:
        return f"the {function.name}{where} is missing"
    return f"it was not {function.name}{where}"


def _find_step(source: Tensor, target: Tensor) -> tuple[DimensionFunction, str] | None:
    """Return the function that maps `source` to `target`, and along which dimension."""
    search = DimensionSearch(GivenValue("", source), LineCache())
    found = ((function, search.dims(function, target)) for function in STEPS)
    return next(((function, _where(function, dims, source)) for function, dims in found if dims), None)


def _where(function: DimensionFunction, dims: tuple[int, ...], tensor: Tensor) -> str:
    if tensor.ndim == 1:
        return ""
    preposition = "over" if function.is_noun else "along"
    return f" {place(function, dims[0])}" if len(dims) == 1 else f" {preposition} one of its dimensions"

"""A step along a dimension that is missing or extra: scores where a log-softmax is expected, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from quizapp.grading.judge.compare.tensors import is_exact
from quizapp.grading.judge.diagnosis.evidence import (
    Explanation,
    GivenValue,
    TensorPair,
    is_close,
    is_varied,
    maps,
    widen,
)
from quizapp.grading.judge.diagnosis.families.wrong_dimension import ALL_DIMENSIONS, DimensionSearch, LineCache, place
from quizapp.grading.judge.diagnosis.reductions import MAPPINGS, DimensionFunction
from quizapp.grading.mistake import Mistake

REORDERING = ("sorted", "reversed", "rolled")
"""Functions that `orders` explains more specifically."""

STEPS = tuple(function for function in MAPPINGS if not function.name.startswith(REORDERING))

EXTRA_STEPS = tuple(function for function in STEPS if not function.name.startswith("standardised"))
"""Whatever is scaled and shifted before, the standardised values are the same: they do not show a step too many."""

SOFTMAX = next(function for function in MAPPINGS if function.name == "softmax")

FEWEST_RANKS = 6
"""Elements below which ranks that fit would be a coincidence."""

FEWEST = 3
"""Elements below which a step that fits would be a coincidence."""


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Explain by the first step that takes one side to the other."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.ndim == 0 or got.numel() < FEWEST:
        return
    if not is_varied(got) or not is_varied(expected):
        return
    missing = _find_step(got, expected)
    if missing:
        yield Explanation(Mistake.STEP_MISSING, _missing(missing[0], _where(*missing, expected)))
        return
    extra = _find_step(expected, got, EXTRA_STEPS)
    if extra and extra[0].name == "softmax" and _is_normalised(expected, extra[1]):
        function, (dim, *_) = extra[0], extra[1]
        clause = f"the softmax was taken{_where(function, (dim,), got)} of values that already sum to 1"
        yield Explanation(Mistake.REPEATED_ACTIVATION, f"{clause}, as after a first softmax")
    elif extra:
        function, where = extra[0], _where(extra[0], extra[1], got)
        clause = f"the {function.name} was taken" if function.is_noun else f"it was {function.name}"
        yield Explanation(Mistake.STEP_TOO_MANY, f"{clause}{where}, but should not be")


def explain_repeated(pair: TensorPair) -> Iterator[Explanation]:
    """Explain a softmax or a sigmoid that was applied to a given tensor twice instead of once."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.ndim == 0 or not got.is_floating_point():
        return
    for given in pair.named:
        tensor = given.tensor
        if tensor.shape != got.shape:
            continue
        if maps(torch.sigmoid, tensor, expected) and maps(torch.sigmoid, expected, got):
            yield Explanation(Mistake.REPEATED_ACTIVATION, f"`sigmoid` was applied to `{given.name}` twice")
            return
        first, second = (DimensionSearch(GivenValue("", side), LineCache()) for side in (tensor, expected))
        dims = first.dims(SOFTMAX, expected)
        if dims and set(dims) & set(second.dims(SOFTMAX, got)):
            where = _where(SOFTMAX, dims, got)
            yield Explanation(Mistake.REPEATED_ACTIVATION, f"the softmax of `{given.name}` was taken twice{where}")
            return


def _is_normalised(tensor: Tensor, dims: tuple[int, ...]) -> bool:
    """Return whether the tensor is a distribution along the first of `dims`."""
    if dims[0] == ALL_DIMENSIONS or bool((tensor < 0).any()):
        return False
    sums = widen(tensor).sum(dims[0])
    return is_close(sums, torch.ones_like(sums), tensor)


def _missing(function: DimensionFunction, where: str) -> str:
    if function.is_noun:
        return f"the {function.name}{where} is missing"
    return f"it was not {function.name}{where}"


def _find_step(
    source: Tensor, target: Tensor, functions: tuple[DimensionFunction, ...] = STEPS
) -> tuple[DimensionFunction, tuple[int, ...]] | None:
    """Return the function that maps `source` to `target`, and along which dimensions."""
    search = DimensionSearch(GivenValue("", source), LineCache())
    # A few ranks are a coincidence, and any sorted values are ranked 0, 1, 2 …
    are_ranks = target.numel() >= FEWEST_RANKS and not _is_numbering(target)
    steps = (step for step in functions if are_ranks or not step.name.startswith("ranked"))
    found = ((function, search.dims(function, target)) for function in steps)
    return next(((function, dims) for function, dims in found if dims), None)


def _is_numbering(tensor: Tensor) -> bool:
    """Return whether the first line along some dimension is 0, 1, 2 …"""
    lines = (tensor.movedim(dim, -1)[(0,) * (tensor.ndim - 1)] for dim in range(tensor.ndim))
    return is_exact(tensor) and any(torch.equal(line.to(torch.int64), torch.arange(len(line))) for line in lines)


def _where(function: DimensionFunction, dims: tuple[int, ...], tensor: Tensor) -> str:
    if tensor.ndim == 1:
        return ""
    preposition = "over" if function.is_noun else "along"
    return f" {place(function, dims[0])}" if len(dims) == 1 else f" {preposition} one of its dimensions"

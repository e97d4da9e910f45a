"""A reduction, normalisation or sort along the wrong dimension, proved on the given tensors.

A function and a given tensor explain a mistake if the function along one dimension gives the expected result and
along another the answer's. Most candidates are refuted by a few lines of the tensor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.judge.compare.tensors import is_exact
from quizapp.grading.judge.diagnosis.evidence import (
    LARGEST,
    Explanation,
    GivenValue,
    TensorPair,
    is_close,
    is_round,
    is_same,
    sample_index,
)
from quizapp.grading.judge.diagnosis.reductions import (
    HEAD_SIZE,
    MAPPINGS,
    REDUCTIONS,
    DimensionFunction,
    Line,
    Plausibility,
)
from quizapp.grading.mistake import Mistake

MOST_DIRECT = 1024
"""Elements of a given tensor up to which every function is applied to all of it at once."""

LINES = 4
"""Lines of a larger tensor that a function is applied to first."""

MOST_MEDIAN = 100_000
"""Elements up to which the median of a vector is computed, because it is slow."""

ALL_DIMENSIONS = -1000
"""Represents all dimensions together; not a valid dimension of any tensor."""


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Explain by the first given tensor with a function that gives both sides along different dimensions."""
    got_lines = LineCache()
    # A single number is easily the maximum or an element of one of many given items: a coincidence.
    is_number = pair.expected.numel() == pair.got.numel() == 1
    for given in pair.named:
        if is_number and given.is_item:
            continue
        tensor = given.tensor
        if 0 < tensor.numel() <= LARGEST and 1 <= tensor.ndim <= 5 and not tensor.is_complex():
            found = next(_explain_by(pair, given, got_lines), None)
            if found:
                yield found
                return


def _explain_by(pair: TensorPair, given: GivenValue, result_lines: LineCache) -> Iterator[Explanation]:
    search = DimensionSearch(given, result_lines)
    functions = (*REDUCTIONS, *MAPPINGS)
    expected = {function: dims for function in functions if (dims := search.dims(function, pair.expected))}
    if not expected:
        # No known function of this tensor gives the expected result.
        return
    got: list[tuple[DimensionFunction, tuple[int, ...]]] = []
    for function in functions:
        got_dims = search.dims(function, pair.got)
        expected_dims = expected.get(function, ())
        if expected_dims and got_dims and not set(expected_dims) & set(got_dims):
            yield _wrong_dimension(function, given, got_dims, expected_dims)
        got += [(function, got_dims)] if got_dims else []
    if len(got) == 1 and _is_evident(pair, got[0][0], expected):
        yield from _explain_wrong_function(given, got[0], list(expected.items()))


def _is_evident(pair: TensorPair, got: DimensionFunction, expected: Iterable[DimensionFunction]) -> bool:
    """Return whether it is no coincidence that both are functions of one tensor: a round number is many functions."""
    if not is_round(pair.got) or not is_round(pair.expected):
        return True
    return any((got.name, other.name) in SLIPS for other in expected)


def _wrong_dimension(
    function: DimensionFunction, given: GivenValue, got: tuple[int, ...], expected: tuple[int, ...]
) -> Explanation:
    clause = function.applied_to(f"`{given.name}`")
    if len(expected) > 1 or len(got) > 1:
        return Explanation(
            Mistake.WRONG_DIMENSION, f"{clause} {'over' if function.is_noun else 'along'} the wrong dimension"
        )
    is_named = ALL_DIMENSIONS in (got[0], expected[0])
    instead = _dimension(expected[0]) if is_named else str(expected[0])
    return Explanation(Mistake.WRONG_DIMENSION, f"{clause} {place(function, got[0])} instead of {instead}")


def place(function: DimensionFunction, dim: int) -> str:
    """Return `over dimension 1` or `along dimension 1`, as the function's name requires; or `over all dimensions`."""
    preposition = "over" if function.is_noun or dim == ALL_DIMENSIONS else "along"
    return f"{preposition} {_dimension(dim)}"


def _dimension(dim: int) -> str:
    return "all dimensions" if dim == ALL_DIMENSIONS else f"dimension {dim}"


def _explain_wrong_function(
    given: GivenValue,
    got: tuple[DimensionFunction, tuple[int, ...]],
    expected: list[tuple[DimensionFunction, tuple[int, ...]]],
) -> Iterator[Explanation]:
    """Explain another function along the same dimension: the mean for the sum, the biased for the unbiased variance."""
    function, dims = got
    candidates = [other for other, expected_dims in expected if set(expected_dims) & set(dims)]
    if not candidates or function in candidates:
        return
    where = f" {place(function, dims[0])}" if len(dims) == 1 and given.tensor.ndim > 1 else ""
    instead = _instead(function, candidates[0]) if len(candidates) == 1 else ", but another function is expected"
    yield Explanation(Mistake.OTHER_FUNCTION, f"{function.applied_to(f'`{given.name}`')}{where}{instead}")


SLIPS = frozenset(
    {
        ("sum", "mean"),
        ("mean", "sum"),
        ("maximum", "minimum"),
        ("minimum", "maximum"),
        ("maximum", "`argmax`"),
        ("`argmax`", "maximum"),
        ("minimum", "`argmin`"),
        ("`argmin`", "minimum"),
        ("`argmax`", "`argmin`"),
        ("`argmin`", "`argmax`"),
        ("sum", "cumulative sum"),
        ("median", "mean"),
        ("mean", "median"),
        ("variance", "standard deviation"),
        ("standard deviation", "variance"),
        ("centred", "standardised"),
        ("softmax", "log-softmax"),
        ("log-softmax", "softmax"),
        ("sorted", "sorted in descending order"),
        ("sorted in descending order", "sorted"),
        ("sorted", "ranked by `argsort`"),
        ("ranked by `argsort`", "sorted"),
        ("rolled by 1", "rolled by -1"),
        ("rolled by -1", "rolled by 1"),
    }
)
"""(got, expected) functions that are easily confused: naming the expected one reveals no more than the slip."""

UNBIASED = {
    "biased variance": "variance",
    "biased standard deviation": "standard deviation",
    "standardised without correction": "standardised",
}


def _instead(got: DimensionFunction, expected: DimensionFunction) -> str:
    if (got.name, expected.name) in SLIPS:
        return f" instead of {expected.noun_phrase}"
    if UNBIASED.get(got.name, got.name) == UNBIASED.get(expected.name, expected.name):
        divisor = "n - 1" if got.name in UNBIASED else "n"
        return f", but the divisor should be {divisor}: check `correction` (`ddof` in NumPy and pandas)"
    return f", but another {'reduction' if got in REDUCTIONS else 'function'} is expected"


class DimensionSearch:
    """A search for the dimensions along which functions of one given tensor give a result."""

    def __init__(self, given: GivenValue, result_lines: LineCache) -> None:
        self.given = given.tensor
        # Sums and means are not defined for bool.
        self.tensor = given.tensor.to(torch.int64) if given.tensor.dtype == torch.bool else given.tensor
        self.lines, self.result_lines = LineCache(), result_lines
        self._widened: Tensor | None = None
        self._statistics: dict[str, tuple[Tensor, ...]] = {}
        self._is_plausible: dict[tuple[Plausibility, int, int], bool] = {}
        self._is_given: dict[int, bool] = {}

    def dims(self, function: DimensionFunction, result: Tensor) -> tuple[int, ...]:
        """Return the dimensions along which `function` gives `result`; a reduction may have kept its dimension."""
        if not self._dtype_fits(function, result):
            return ()
        with np.errstate(all="ignore"):
            return self._dims(function, result)

    def _dims(self, function: DimensionFunction, result: Tensor) -> tuple[int, ...]:
        if function in MAPPINGS:
            if result.shape != self.tensor.shape or self._is_given_itself(result):
                return ()
            long = [dim for dim in range(self.tensor.ndim) if self.tensor.shape[dim] > 1]
            together = [ALL_DIMENSIONS] if len(long) > 1 else []
            return tuple(dim for dim in [*long, *together] if self._maps(function, dim, result))
        together = [ALL_DIMENSIONS] if self.tensor.ndim > 1 else []
        return tuple(dim for dim in [*range(self.tensor.ndim), *together] if self._reduces(function, dim, result))

    def _is_given_itself(self, result: Tensor) -> bool:
        if id(result) not in self._is_given:
            self._is_given[id(result)] = is_same(self.given, result)
        return self._is_given[id(result)]

    def _dtype_fits(self, function: DimensionFunction, result: Tensor) -> bool:
        if function.result_kind != "same" or result.dtype == torch.bool:
            kind = "bool" if result.dtype == torch.bool else "int" if is_exact(result) else "same"
            return function.result_kind == kind
        return function.accepts_integers or not is_exact(result)

    def _reduces(self, function: DimensionFunction, dim: int, result: Tensor) -> bool:
        tensor = self.tensor
        size = tensor.numel() if dim == ALL_DIMENSIONS else tensor.shape[dim]
        if function.is_for_even and size % 2:
            return False
        if dim == ALL_DIMENSIONS:
            is_number = result.numel() == 1 and not (function.is_for_even and tensor.numel() > MOST_MEDIAN)
            return is_number and self._gives(function, tensor.reshape(-1), 0, result.reshape(()))
        shape = (*tensor.shape[:dim], *tensor.shape[dim + 1 :])
        if tuple(result.shape) == (*tensor.shape[:dim], 1, *tensor.shape[dim + 1 :]):
            result = result.squeeze(dim)
        if tuple(result.shape) != shape or self._is_slow(function):
            return False
        if tensor.numel() > MOST_DIRECT and shape:
            index = tuple(places[:LINES] for places in sample_index(shape))
            if not self._gives(function, tensor.movedim(dim, -1)[index], 1, result[index]):
                return False
        return self._gives(function, tensor, dim, result)

    def _is_slow(self, function: DimensionFunction) -> bool:
        return function.name == "median" and self.tensor.ndim == 1 and self.tensor.numel() > MOST_MEDIAN

    def _maps(self, function: DimensionFunction, dim: int, result: Tensor) -> bool:
        if self.tensor.numel() > MOST_DIRECT and not self._may_map(function, dim, result):
            return False
        if dim == ALL_DIMENSIONS:
            return self._gives(function, self.tensor.reshape(-1), 0, result.reshape(-1))
        return self._gives(function, self.tensor, dim, result)

    def _may_map(self, function: DimensionFunction, dim: int, result: Tensor) -> bool:
        """Return whether a part of the tensor is mapped to that of the result."""
        lines, images = self.lines.take(self.tensor, dim), self.result_lines.take(result, dim)
        if function.is_plausible and not self._looks_plausible(function.is_plausible, dim, result):
            return False
        if lines.numel() < self.tensor.numel():
            return self._gives(function, lines, 1, images)
        if function.statistics is None or function.from_statistics is None:
            return True
        line = self._widen(lines[0])
        if function.name not in self._statistics:
            self._statistics[function.name] = function.statistics(line, 0)
        head = function.from_statistics(line[:HEAD_SIZE], *self._statistics[function.name])
        return is_close(head, images[0, :HEAD_SIZE], self.tensor)

    def _looks_plausible(self, test: Plausibility, dim: int, result: Tensor) -> bool:
        """Run a plausibility test; cached, because several functions share one."""
        key = (test, dim, id(result))
        if key not in self._is_plausible:
            self._is_plausible[key] = test(self.lines.first(self.tensor, dim), self.result_lines.first(result, dim))
        return self._is_plausible[key]

    def _gives(self, function: DimensionFunction, tensor: Tensor, dim: int, result: Tensor) -> bool:
        if not (function.accepts_integers and is_exact(tensor)):
            tensor = self._widen(tensor)
        actual = function.apply(tensor, dim)
        return actual.shape == result.shape and is_close(actual, result, self.tensor)

    def _widen(self, tensor: Tensor) -> Tensor:
        """Return `tensor` as float64; cached for the whole given tensor."""
        if tensor.numel() != self.tensor.numel():
            return tensor.to(torch.float64)
        if self._widened is None:
            self._widened = self.tensor.to(torch.float64)
        return self._widened.reshape(tensor.shape)


class LineCache:
    """A few lines of each tensor, the same for every tensor of one shape; cached, because many functions need them."""

    def __init__(self) -> None:
        self._taken: dict[tuple[int, int], Tensor] = {}
        self._first: dict[tuple[int, int], Line] = {}

    def take(self, tensor: Tensor, dim: int) -> Tensor:
        """Return (at most LINES, size of `dim`), or (1, number of elements) for ALL_DIMENSIONS."""
        key = (id(tensor), dim)
        if key not in self._taken:
            self._taken[key] = _sample_lines(tensor, dim)
        return self._taken[key]

    def first(self, tensor: Tensor, dim: int) -> Line:
        """Return the first of those lines."""
        key = (id(tensor), dim)
        if key not in self._first:
            self._first[key] = Line(self.take(tensor, dim)[0])
        return self._first[key]


def _sample_lines(tensor: Tensor, dim: int) -> Tensor:
    if dim == ALL_DIMENSIONS or tensor.ndim == 1:
        return tensor.reshape(1, -1)
    moved = tensor.movedim(dim, -1)
    return moved[tuple(places[:LINES] for places in sample_index(tuple(moved.shape[:-1])))]

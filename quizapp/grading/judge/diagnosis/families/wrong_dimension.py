"""Mistakes of dimension, proved on the given tensors: reduced, normalised or sorted along another one.

A function and a given tensor explain a result when the function along one dimension gives what was expected
and along another what was got. A few lines of the tensor settle most of the tries.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.judge.compare.tensors import is_exact
from quizapp.grading.judge.diagnosis.evidence import LARGEST, TensorPair, Explanation, GivenValue, close, sample
from quizapp.grading.judge.diagnosis.reductions import LOOKED_AT, MAPPINGS, REDUCTIONS, DimensionFunction, Line, Look

FEW = 1024
"""Elements of a given tensor up to which every function is simply tried."""

LINES = 4
"""Lines of a given tensor that are tried first."""

MEDIAN = 100_000
"""Elements up to which a median is worth its time."""

WHOLE = -1000
"""Stands for all dimensions together."""


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """The first function of a given tensor that explains both sides, by dimension or by kind."""
    images = Lines()
    # That some tensor of a given list has one number as its maximum, or its first element, is no news.
    alone = pair.expected.numel() == pair.got.numel() == 1
    for given in pair.given:
        if alone and given.is_item:
            continue
        tensor = given.tensor
        if 0 < tensor.numel() <= LARGEST and 1 <= tensor.ndim <= 5 and not tensor.is_complex():
            found = next(_of_one(pair, given, images), None)
            if found:
                yield found
                return


def _of_one(pair: TensorPair, given: GivenValue, images: Lines) -> Iterator[Explanation]:
    search = Search(pair, given, images)
    functions = (*REDUCTIONS, *MAPPINGS)
    asked = {function: wanted for function in functions if (wanted := search.dims(function, pair.expected))}
    if not asked:
        # Whatever was made of it, nothing of it was asked.
        return
    made: list[tuple[DimensionFunction, tuple[int, ...]]] = []
    for function in functions:
        mine = search.dims(function, pair.got)
        wanted = asked.get(function, ())
        if wanted and mine and not set(wanted) & set(mine):
            yield _other_dimension(function, given, wanted, mine)
        made += [(function, mine)] if mine else []
    if len(made) == 1:
        yield from _other_function(given, made[0], list(asked.items()))


def _other_dimension(
    function: DimensionFunction, given: GivenValue, wanted: tuple[int, ...], made: tuple[int, ...]
) -> Explanation:
    family = "reduced-along-other" if function in REDUCTIONS else "normalised-along-other"
    if function.words.startswith(("sorted", "ranked")):
        family = "sorted-along-other"
    elif function.words.startswith(("reversed", "rolled")):
        family = "reordered-along-other"
    if len(wanted) > 1 or len(made) > 1:
        return Explanation(family, f"`{given.name}` was {function.words} along another dimension than was asked")
    instead = str(wanted[0]) if WHOLE not in (made[0], wanted[0]) else over(wanted[0])
    return Explanation(family, f"`{given.name}` was {function.words} {over(made[0])} instead of {instead}")


def over(dim: int) -> str:
    """Where a function went along, in words."""
    return "over all dimensions" if dim == WHOLE else f"along dimension {dim}"


def _other_function(
    given: GivenValue,
    made: tuple[DimensionFunction, tuple[int, ...]],
    asked: list[tuple[DimensionFunction, tuple[int, ...]]],
) -> Iterator[Explanation]:
    """Another function along the same dimension: the mean for the sum, the biased for the unbiased variance."""
    function, dims = made
    same = [other for other, wanted in asked if set(wanted) & set(dims)]
    if not same or function in same:
        return
    place = f" {over(dims[0])}" if len(dims) == 1 and given.tensor.ndim > 1 else ""
    what = _asked(function, same[0]) if len(same) == 1 else "another function was asked"
    yield Explanation("other-function", f"`{given.name}` was {function.words}{place}, where {what}")


def _asked(function: DimensionFunction, other: DimensionFunction) -> str:
    """What was asked instead, where saying so is no more than naming the slip."""
    pairs = {
        ("summed", "averaged"): "a mean was asked",
        ("averaged", "summed"): "a sum was asked",
        ("reduced to its maximum", "reduced to its minimum"): "the minimum was asked",
        ("reduced to its minimum", "reduced to its maximum"): "the maximum was asked",
        ("reduced to its maximum", "searched for its largest element"): "its place was asked",
        ("searched for its largest element", "reduced to its maximum"): "its value was asked",
        ("reduced to its minimum", "searched for its smallest element"): "its place was asked",
        ("searched for its smallest element", "reduced to its minimum"): "its value was asked",
        ("searched for its largest element", "searched for its smallest element"): "the smallest was asked",
        ("searched for its smallest element", "searched for its largest element"): "the largest was asked",
        ("summed", "summed up step by step"): "the sums so far were asked, step by step",
        ("reduced to its median", "averaged"): "a mean was asked",
        ("averaged", "reduced to its median"): "a median was asked",
        ("reduced to its variance", "reduced to its standard deviation"): "its square root was asked",
        ("reduced to its standard deviation", "reduced to its variance"): "its square was asked",
        ("centred", "standardised"): "it had to be divided by the deviation too",
        ("turned into a softmax", "turned into a log-softmax"): "the logarithm of it was asked",
        ("turned into a log-softmax", "turned into a softmax"): "the probabilities themselves were asked",
        ("sorted", "sorted downwards"): "the largest was to come first",
        ("sorted downwards", "sorted"): "the smallest was to come first",
        ("sorted", "ranked by `argsort`"): "the order of its elements was asked",
        ("ranked by `argsort`", "sorted"): "the sorted values were asked",
        ("rolled by 1", "rolled by -1"): "it was to be rolled the other way",
        ("rolled by -1", "rolled by 1"): "it was to be rolled the other way",
    }
    if (function.words, other.words) in pairs:
        return pairs[function.words, other.words]
    plain = " without correction"
    if function.words.removesuffix(plain) == other.words.removesuffix(plain):
        biased = function.words.endswith(plain)
        return f"{'n - 1' if biased else 'n'} was to be divided by: mind `correction`"
    return "another reduction was asked" if function in REDUCTIONS else "another function was asked"


class Search:
    """Looks for the dimensions along which functions of one given tensor give a result."""

    def __init__(self, pair: TensorPair, given: GivenValue, images: Lines) -> None:
        self.pair = pair
        self.tensor = given.tensor.to(torch.int64) if given.tensor.dtype == torch.bool else given.tensor
        self.wide: Tensor | None = None
        self.levels: dict[str, tuple[Tensor, ...]] = {}
        self.looked: dict[tuple[Look, int, int], bool] = {}
        self.lines, self.images = Lines(), images
        self.given = given.tensor
        self.itself: dict[int, bool] = {}

    def dims(self, function: DimensionFunction, result: Tensor) -> tuple[int, ...]:
        """Dimensions along which `function` gives `result`; a reduction may have kept its dimension."""
        if not self._dtype_fits(function, result):
            return ()
        with np.errstate(all="ignore"):
            return self._dims(function, result)

    def _dims(self, function: DimensionFunction, result: Tensor) -> tuple[int, ...]:
        if function in MAPPINGS:
            if result.shape != self.tensor.shape or self._is(result):
                return ()
            long = [dim for dim in range(self.tensor.ndim) if self.tensor.shape[dim] > 1]
            whole = [WHOLE] if len(long) > 1 else []
            return tuple(dim for dim in [*long, *whole] if self._maps(function, dim, result))
        whole = [WHOLE] if self.tensor.ndim > 1 else []
        return tuple(dim for dim in [*range(self.tensor.ndim), *whole] if self._reduces(function, dim, result))

    def _is(self, result: Tensor) -> bool:
        """Whether `result` is the given tensor itself."""
        if id(result) not in self.itself:
            self.itself[id(result)] = self.pair.same(self.given, result)
        return self.itself[id(result)]

    def _dtype_fits(self, function: DimensionFunction, result: Tensor) -> bool:
        if function.gives != "same" or result.dtype == torch.bool:
            return function.gives == ("bool" if result.dtype == torch.bool else "int" if is_exact(result) else "same")
        return function.integers or not is_exact(result)

    def _reduces(self, function: DimensionFunction, dim: int, result: Tensor) -> bool:
        tensor = self.tensor
        if dim == WHOLE:
            return result.numel() == 1 and self._same(function, tensor.reshape(-1), 0, result.reshape(()))
        shape = (*tensor.shape[:dim], *tensor.shape[dim + 1 :])
        if tuple(result.shape) == (*tensor.shape[:dim], 1, *tensor.shape[dim + 1 :]):
            result = result.squeeze(dim)
        if tuple(result.shape) != shape or (
            tensor.ndim == 1 and tensor.numel() > MEDIAN and "median" in function.words
        ):
            return False
        if tensor.numel() > FEW and shape:
            places = tuple(place[:LINES] for place in sample(shape))
            if not self._same(function, tensor.movedim(dim, -1)[places], 1, result[places]):
                return False
        return self._same(function, tensor, dim, result)

    def _maps(self, function: DimensionFunction, dim: int, result: Tensor) -> bool:
        if self.tensor.numel() > FEW and not self._may_map(function, dim, result):
            return False
        if dim == WHOLE:
            return self._same(function, self.tensor.reshape(-1), 0, result.reshape(-1))
        return self._same(function, self.tensor, dim, result)

    def _may_map(self, function: DimensionFunction, dim: int, result: Tensor) -> bool:
        """What a part of the tensor says, before all of it is mapped."""
        lines, images = self.lines.some(self.tensor, dim), self.images.some(result, dim)
        if function.look and not self._looks(function.look, dim, result):
            return False
        if lines.numel() < self.tensor.numel():
            return self._same(function, lines, 1, images)
        if function.level is None or function.by_level is None:
            return True
        wide = self._widened(lines[0])
        if function.words not in self.levels:
            self.levels[function.words] = function.level(wide, 0)
        begun = function.by_level(wide[:LOOKED_AT], *self.levels[function.words])
        return close(begun, images[0, :LOOKED_AT], self.tensor)

    def _looks(self, look: Look, dim: int, result: Tensor) -> bool:
        """A look that several functions share is taken once."""
        asked = (look, dim, id(result))
        if asked not in self.looked:
            self.looked[asked] = look(self.lines.first(self.tensor, dim), self.images.first(result, dim))
        return self.looked[asked]

    def _same(self, function: DimensionFunction, tensor: Tensor, dim: int, result: Tensor) -> bool:
        if not (function.integers and is_exact(tensor)):
            tensor = self._widened(tensor)
        made = function.apply(tensor, dim)
        return made.shape == result.shape and close(made, result, self.tensor)

    def _widened(self, tensor: Tensor) -> Tensor:
        """`tensor` in float64; that of the whole given tensor is kept."""
        if tensor.numel() != self.tensor.numel():
            return tensor.to(torch.float64)
        if self.wide is None:
            self.wide = self.tensor.to(torch.float64)
        return self.wide.reshape(tensor.shape)


class Lines:
    """The same few lines of every tensor of one shape, by dimension; kept, as many functions look at them."""

    def __init__(self) -> None:
        self._some: dict[tuple[int, int], Tensor] = {}
        self._first: dict[tuple[int, int], Line] = {}

    def some(self, tensor: Tensor, dim: int) -> Tensor:
        """(a few, size of `dim`); all in one for WHOLE."""
        asked = (id(tensor), dim)
        if asked not in self._some:
            self._some[asked] = _lines(tensor, dim)
        return self._some[asked]

    def first(self, tensor: Tensor, dim: int) -> Line:
        """The first of them."""
        asked = (id(tensor), dim)
        if asked not in self._first:
            self._first[asked] = Line(self.some(tensor, dim)[0])
        return self._first[asked]


def _lines(tensor: Tensor, dim: int) -> Tensor:
    if dim == WHOLE or tensor.ndim == 1:
        return tensor.reshape(1, -1)
    moved = tensor.movedim(dim, -1)
    return moved[tuple(place[:LINES] for place in sample(tuple(moved.shape[:-1])))]

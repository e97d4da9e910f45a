"""Mistakes of dimension, proved on the given tensors: reduced, normalised or sorted along another one.

A function and a given tensor explain a result when the function along one dimension gives what was expected
and along another what was got. A few lines of the tensor settle most of the tries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from quizapp.grading.diagnosis.case import LARGEST, Fit, Given, Pair, close, sample

Along = Callable[[Tensor, int], Tensor]

LINES = 4
"""Lines of a given tensor that are tried first."""

WHOLE = -1000
"""Stands for all dimensions together."""


@dataclass(frozen=True, slots=True)
class Function:
    """A torch function along one dimension; the words say what was done with it."""

    words: str
    apply: Along
    integers: bool = True
    """Whether it takes integers as they are."""


REDUCTIONS = (
    Function("summed", lambda x, dim: x.sum(dim)),
    Function("averaged", lambda x, dim: x.mean(dim), integers=False),
    Function("reduced to its maximum", lambda x, dim: x.amax(dim)),
    Function("reduced to its minimum", lambda x, dim: x.amin(dim)),
    Function("searched for its largest element", lambda x, dim: x.argmax(dim)),
    Function("searched for its smallest element", lambda x, dim: x.argmin(dim)),
    Function("multiplied together", lambda x, dim: x.prod(dim)),
    Function("reduced to its variance", lambda x, dim: x.var(dim), integers=False),
    Function("reduced to its variance without correction", lambda x, dim: x.var(dim, correction=0), integers=False),
    Function("reduced to its standard deviation", lambda x, dim: x.std(dim), integers=False),
    Function(
        "reduced to its standard deviation without correction",
        lambda x, dim: x.std(dim, correction=0),
        integers=False,
    ),
    Function("reduced to its norm", lambda x, dim: x.square().sum(dim).sqrt(), integers=False),
    Function("reduced by `logsumexp`", lambda x, dim: x.logsumexp(dim), integers=False),
    Function("reduced to its median", lambda x, dim: x.median(dim).values),
    Function("tested with `any`", lambda x, dim: (x != 0).any(dim)),
    Function("tested with `all`", lambda x, dim: (x != 0).all(dim)),
)
MAPPINGS = (
    Function("turned into a softmax", torch.softmax, integers=False),
    Function("turned into a log-softmax", torch.log_softmax, integers=False),
    Function("normalised to a sum of 1", lambda x, dim: x / x.sum(dim, keepdim=True), integers=False),
    Function("normalised to length 1", lambda x, dim: x / x.square().sum(dim, keepdim=True).sqrt(), integers=False),
    Function("centred", lambda x, dim: x - x.mean(dim, keepdim=True), integers=False),
    Function(
        "standardised",
        lambda x, dim: (x - x.mean(dim, keepdim=True)) / x.std(dim, keepdim=True),
        integers=False,
    ),
    Function(
        "standardised without correction",
        lambda x, dim: (x - x.mean(dim, keepdim=True)) / x.std(dim, keepdim=True, correction=0),
        integers=False,
    ),
    Function("scaled by its maximum", lambda x, dim: x / x.amax(dim, keepdim=True), integers=False),
    Function("summed up step by step", lambda x, dim: x.cumsum(dim)),
    Function("multiplied up step by step", lambda x, dim: x.cumprod(dim)),
    Function("sorted", lambda x, dim: x.sort(dim).values),
    Function("sorted downwards", lambda x, dim: x.sort(dim, descending=True).values),
    Function("ranked by `argsort`", lambda x, dim: x.argsort(dim)),
    Function("reversed", lambda x, dim: x.flip(dim)),
    Function("rolled by 1", lambda x, dim: x.roll(1, dim)),
    Function("rolled by -1", lambda x, dim: x.roll(-1, dim)),
)


def fits(pair: Pair) -> Iterator[Fit]:
    """The first function of a given tensor that explains both sides, by dimension or by kind."""
    for given in pair.given:
        tensor = given.tensor
        if 0 < tensor.numel() <= LARGEST and 1 <= tensor.ndim <= 5 and not tensor.is_complex():
            found = next(_of_one(pair, given), None)
            if found:
                yield found
                return


def _of_one(pair: Pair, given: Given) -> Iterator[Fit]:
    search = Search(pair, given)
    asked: list[tuple[Function, tuple[int, ...]]] = []
    made: list[tuple[Function, tuple[int, ...]]] = []
    for function in (*REDUCTIONS, *MAPPINGS):
        wanted, mine = search.dims(function, pair.expected), search.dims(function, pair.got)
        if wanted and mine and not set(wanted) & set(mine):
            yield _other_dimension(function, given, wanted, mine)
        asked += [(function, wanted)] if wanted else []
        made += [(function, mine)] if mine else []
    if len(made) == 1 and asked:
        yield from _other_function(given, made[0], asked)


def _other_dimension(function: Function, given: Given, wanted: tuple[int, ...], made: tuple[int, ...]) -> Fit:
    family = "reduced-along-other" if function in REDUCTIONS else "normalised-along-other"
    if function.words.startswith(("sorted", "ranked")):
        family = "sorted-along-other"
    elif function.words.startswith(("reversed", "rolled")):
        family = "reordered-along-other"
    if len(wanted) > 1 or len(made) > 1:
        return Fit(family, f"`{given.name}` was {function.words} along another dimension than was asked")
    instead = str(wanted[0]) if WHOLE not in (made[0], wanted[0]) else _over(wanted[0])
    return Fit(family, f"`{given.name}` was {function.words} {_over(made[0])} instead of {instead}")


def _over(dim: int) -> str:
    return "over all dimensions" if dim == WHOLE else f"along dimension {dim}"


def _other_function(
    given: Given, made: tuple[Function, tuple[int, ...]], asked: list[tuple[Function, tuple[int, ...]]]
) -> Iterator[Fit]:
    """Another function along the same dimension: the mean for the sum, the biased for the unbiased variance."""
    function, dims = made
    same = [other for other, wanted in asked if set(wanted) & set(dims)]
    if not same or function in same:
        return
    place = f" {_over(dims[0])}" if len(dims) == 1 and given.tensor.ndim > 1 else ""
    what = _asked(function, same[0]) if len(same) == 1 else "another function was asked"
    yield Fit("other-function", f"`{given.name}` was {function.words}{place}, where {what}")


def _asked(function: Function, other: Function) -> str:
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

    def __init__(self, pair: Pair, given: Given) -> None:
        self.pair = pair
        self.tensor = given.tensor
        self.itself: dict[int, bool] = {}
        self.slabs: dict[int, tuple[Tensor, tuple[Tensor, ...]]] = {}

    def dims(self, function: Function, result: Tensor) -> tuple[int, ...]:
        """Dimensions along which `function` gives `result`; a reduction may have kept its dimension."""
        reduces = function in REDUCTIONS
        whole = [WHOLE] if reduces and self.tensor.ndim > 1 else []
        return tuple(dim for dim in [*range(self.tensor.ndim), *whole] if self._gives(function, dim, result, reduces))

    def _gives(self, function: Function, dim: int, result: Tensor, reduces: bool) -> bool:
        tensor = self.tensor
        if dim == WHOLE:
            return result.numel() == 1 and self._same(self._apply(function, tensor.reshape(-1), 0), result.reshape(()))
        shape = list(tensor.shape)
        if reduces:
            kept = [*shape[:dim], 1, *shape[dim + 1 :]]
            del shape[dim]
            if list(result.shape) == kept:
                result = result.squeeze(dim)
        if list(result.shape) != shape or (tensor.shape[dim] == 1 and not reduces):
            return False
        if not reduces and self._is_itself(result):
            return False
        return self._lines_agree(function, dim, result, reduces) and self._agrees(function, dim, result)

    def _is_itself(self, result: Tensor) -> bool:
        """Whether a result is the tensor unchanged, which some functions leave as it is."""
        key = id(result)
        if key not in self.itself:
            self.itself[key] = self.pair.same(self.tensor, result)
        return self.itself[key]

    def _lines_agree(self, function: Function, dim: int, result: Tensor, reduces: bool) -> bool:
        """Whether a few lines along `dim` agree; the whole of a tensor is not worth that."""
        if self.tensor.numel() <= 1024:
            return True
        slab, places = self._slab(dim)
        lines = result.reshape(-1)[:1] if not places and reduces else self._part(result, dim, places, reduces)
        return self._same(self._apply(function, slab, 1), lines)

    def _part(self, result: Tensor, dim: int, places: tuple[Tensor, ...], reduces: bool) -> Tensor:
        moved = result if reduces else result.movedim(dim, -1)
        return moved[places] if places else moved.unsqueeze(0)

    def _slab(self, dim: int) -> tuple[Tensor, tuple[Tensor, ...]]:
        """(a few, size of `dim`): the same few lines of the tensor, and where they are in the other dimensions."""
        if dim not in self.slabs:
            moved = self.tensor.movedim(dim, -1)
            places = tuple(place[:LINES] for place in sample(tuple(moved.shape[:-1]))) if moved.ndim > 1 else ()
            self.slabs[dim] = (moved[places] if places else moved.unsqueeze(0)), places
        return self.slabs[dim]

    def _agrees(self, function: Function, dim: int, result: Tensor) -> bool:
        return self._same(self._apply(function, self.tensor, dim), result)

    def _apply(self, function: Function, tensor: Tensor, dim: int) -> Tensor:
        exact = not tensor.is_floating_point()
        if tensor.dtype == torch.bool:
            tensor = tensor.to(torch.int64)
        return function.apply(tensor if function.integers and exact else tensor.to(torch.float64), dim)

    def _same(self, made: Tensor, result: Tensor) -> bool:
        if (made.dtype == torch.bool) != (result.dtype == torch.bool) or made.shape != result.shape:
            return False
        return close(made, result, self.tensor)

"""Checks the sentence of a diagnosis against the values in NumPy, independently of the search that found it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import permutations
from typing import Any

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.judge.compare.mismatch import ComparisonOptions

Array = np.ndarray[Any, np.dtype[Any]]
Check = Callable[["Claim", re.Match[str]], bool]


class Claim:
    """The tensors that a sentence is about: the answer's, the expected one and the given `x`."""

    def __init__(self, got: Tensor, expected: Tensor, x: Tensor) -> None:
        self.tensors = got, expected, x
        self.got, self.expected, self.x = (_array(tensor) for tensor in self.tensors)
        rtol_of_narrow = {torch.bfloat16: 0.1, torch.float16: 5e-3}
        self.rtol = max(rtol_of_narrow.get(tensor.dtype, 2e-5) for tensor in self.tensors)

    def is_same(self, actual: Array, expected: Array) -> bool:
        if actual.shape != expected.shape:
            return False
        finite = np.abs(expected[np.isfinite(expected)])
        scale = float(finite.max()) if finite.size else 0.0
        return bool(np.allclose(actual, expected, rtol=self.rtol, atol=self.rtol * scale, equal_nan=True))

    def differs(self) -> Array:
        """Return which elements of got and expected differ by more than the default tolerance of a check."""
        rtol, atol = ComparisonOptions().tolerance(
            *(str(side.dtype).removeprefix("torch.") for side in self.tensors[:2])
        )
        is_close: Array = np.isclose(self.got, self.expected, rtol=rtol, atol=atol, equal_nan=True)
        return ~is_close


def _array(tensor: Tensor) -> Array:
    return np.asarray(tensor.to(torch.float64).numpy())


def covers(sentence: str) -> bool:
    """Return whether CHECKS has a check of the sentence."""
    return any(re.search(pattern, _clauses(sentence)) for pattern, _ in CHECKS)


def is_exempt(sentence: str) -> bool:
    """Return whether UNCHECKED exempts the sentence from CHECKS."""
    return any(re.search(pattern, _clauses(sentence)) for pattern in UNCHECKED)


def about_x(sentence: str, names: Iterable[str]) -> str:
    """Return the sentence with `x` in place of the given names, because CHECKS is about one given tensor `x`."""
    for name in names:
        sentence = sentence.replace(f"`{name}`", "`x`")
    return sentence


def _clauses(sentence: str) -> str:
    """Return the clauses of a sentence without its label, full stop and remarks."""
    text = re.sub(r"^(?:Item \d+|Key `[^`]+`): ", "", sentence)
    text = text[:1].lower() + text[1:].rstrip(".")
    remark = r"; (?:its (?:dtype|layout) \w+ is also wrong|it is also an? \w+ instead of an? \w+)$"
    return re.sub(remark, "", text.removesuffix("; these values do not show which"))


def holds(claim: Claim, sentence: str) -> bool | None:
    """Return whether the sentence is true of the values, or None if no check covers it."""
    text = _clauses(sentence)
    results = []
    with np.errstate(all="ignore"):
        for pattern, check in CHECKS:
            results += [check(claim, found) for found in re.finditer(pattern, text)]
    return all(results) if results else None


def _rolled(c: Claim, m: re.Match[str]) -> bool:
    axis = int(m["dim"]) if m["dim"] else 0
    return c.is_same(np.roll(c.expected, int(m["by"]), axis), c.got)


def _given_rolled(c: Claim, m: re.Match[str]) -> bool:
    if m["dim"] is None and c.x.ndim > 1:
        return True
    return c.is_same(np.roll(c.x, int(m["by"]), int(m["dim"] or 0)), c.got)


def _flipped(c: Claim, m: re.Match[str]) -> bool:
    axis = (int(m["dim"]),) if m["dim"] else range(c.got.ndim)
    if "one of its dimensions" in m.string or "every dimension" in m.string:
        return any(c.is_same(np.flip(c.got, d), c.expected) for d in [*range(c.got.ndim), None])
    return c.is_same(np.flip(c.got, tuple(axis)), c.expected)


REDUCTIONS: dict[str, Callable[..., Any]] = {
    "sum": np.sum,
    "mean": np.mean,
    "maximum": np.max,
    "minimum": np.min,
    "product": np.prod,
    "`argmax`": np.argmax,
    "`argmin`": np.argmin,
}


def _reduced(c: Claim, m: re.Match[str]) -> bool:
    apply = REDUCTIONS.get(m["what"])
    if apply is None:
        return True
    is_any = m["dim"] is None and "all dimensions" not in m[0]
    axes = [*range(c.x.ndim), None] if is_any else [None if m["dim"] is None else int(m["dim"])]
    results = [np.asarray(apply(c.x, axis=axis), dtype=float) for axis in axes]
    return any(c.is_same(result.reshape(c.got.shape), c.got) for result in results if result.size == c.got.size)


def _extent(c: Claim, m: re.Match[str]) -> bool:
    axis = int(m["dim"]) if m["dim"] else 0
    count = 1 if m["count"] == "one" else int(m["count"])
    long, short = (c.got, c.expected) if m["what"] == "long" else (c.expected, c.got)
    size = long.shape[axis]
    cut = slice(count, size) if m["where"] == "at the beginning" else slice(0, size - count)
    return c.is_same(long[(slice(None),) * axis + (cut,)], short)


def _part(c: Claim, m: re.Match[str]) -> bool:
    axis = int(m["dim"]) if m["dim"] else 0
    start = int(m["start"])
    if m["what"] == "index":
        return c.is_same(np.take(c.x, start, axis), c.got)
    return c.is_same(np.take(c.x, range(start, start + c.got.shape[axis]), axis), c.got)


def _one_element(c: Claim, m: re.Match[str]) -> bool:
    index = tuple(int(n) for n in re.findall(r"\d+", m["index"]))
    return [tuple(other) for other in np.argwhere(c.differs()).tolist()] == [index]


def _one_region(c: Claim, m: re.Match[str]) -> bool:
    names = {2: ("row", "column"), 4: ("batch entry", "channel", "row", "column")}[c.got.ndim]
    differing = np.argwhere(c.differs())
    return set(differing[:, names.index(m["name"])].tolist()) == {int(m["index"])}


def _one_index(c: Claim, m: re.Match[str]) -> bool:
    return set(np.argwhere(c.differs())[:, int(m["dim"])].tolist()) == {int(m["index"])}


def _window(c: Claim, m: re.Match[str]) -> bool:
    axis = int(m["dim"] or 0)
    early, late = (c.got, c.expected) if m["when"] == "early" else (c.expected, c.got)
    size = c.got.shape[axis]
    return c.is_same(np.take(early, range(1, size), axis), np.take(late, range(size - 1), axis))


def _unit_steps(c: Claim, m: re.Match[str]) -> bool:
    step = -1 if m["what"] == "small" else 1
    return set(np.unique(c.got - c.expected).tolist()) == {0, step}


TRIANGLES: dict[str, Callable[[Array], Array]] = {"upper": np.triu, "lower": np.tril}


def _triangle(c: Claim, m: re.Match[str]) -> bool:
    sides = ((c.got, TRIANGLES[m["got"]]), (c.expected, TRIANGLES[m["expected"]]))
    return all(c.is_same(cut(side), side) for side, cut in sides)


def _diagonal(c: Claim, _: re.Match[str]) -> bool:
    row, column = np.argwhere(c.differs())[:, -2:].T
    return len(set((column - row).tolist())) == 1


def _boundary(c: Claim, m: re.Match[str]) -> bool:
    edge = c.x[c.differs()]
    return np.unique(edge).size == 1 and bool((c.got[c.x == edge[0]] == (m["what"] == "included")).all())


def _permuted(c: Claim, _: re.Match[str]) -> bool:
    return any(c.is_same(c.got.transpose(order), c.expected) for order in permutations(range(c.got.ndim)))


def _scaled(c: Claim, _: re.Match[str]) -> bool:
    magnitudes = np.where(np.isfinite(c.expected), np.abs(c.expected), -1)
    largest = np.unravel_index(np.nanargmax(magnitudes), c.expected.shape)
    return c.is_same(c.expected * (c.got[largest] / c.expected[largest]), c.got)


def _shifted(c: Claim, _: re.Match[str]) -> bool:
    differences = (c.got - c.expected).reshape(-1)
    finite = differences[np.isfinite(differences)]
    return bool(finite.size) and c.is_same(c.expected + finite[0], c.got)


def _left_out(c: Claim, m: re.Match[str]) -> bool:
    repaired = {
        "not added": c.got + c.x,
        "not subtracted": c.got - c.x,
        "subtracted instead": c.got + 2 * c.x,
        "added instead": c.got - 2 * c.x,
        "not multiplied by": c.got * c.x,
        "not divided by": c.got / c.x,
    }
    return c.is_same(repaired[m["how"]], c.expected)


def _elementwise(function: Callable[[Array], Array], *, inverse: bool = False) -> Check:
    """Return a check that `function` maps got to expected; with `inverse`, expected to got."""

    def check(c: Claim, _: re.Match[str]) -> bool:
        source, target = (c.expected, c.got) if inverse else (c.got, c.expected)
        return c.is_same(np.asarray(function(source)), target)

    return check


def _relu(a: Array) -> Array:
    return np.where(np.isnan(a), a, np.maximum(a, 0))


def _step(c: Claim, source: Array, target: Array, m: re.Match[str]) -> bool:
    step = STEPS[m["what"]]
    is_any = m["dim"] is None and source.ndim > 1 and "one of" in m.string
    axes = range(source.ndim) if is_any else [None if m["dim"] is None else int(m["dim"])]
    return any(c.is_same(np.asarray(step(source, axis), dtype=float).reshape(target.shape), target) for axis in axes)


def _softmax(a: Array, axis: int | None) -> Array:
    exponentials: Array = np.exp(a - a.max(axis=axis, keepdims=True))
    normalised: Array = exponentials / exponentials.sum(axis=axis, keepdims=True)
    return normalised


def _standardised(a: Array, axis: int | None, ddof: int) -> Array:
    standardised: Array = (a - a.mean(axis=axis, keepdims=True)) / a.std(axis=axis, keepdims=True, ddof=ddof)
    return standardised


STEPS: dict[str, Callable[[Array, int | None], Array]] = {
    "softmax": _softmax,
    "log-softmax": lambda a, axis: np.log(_softmax(a, axis)),
    "normalised to a sum of 1": lambda a, axis: a / a.sum(axis=axis, keepdims=True),
    "normalised to length 1": lambda a, axis: a / np.sqrt((a * a).sum(axis=axis, keepdims=True)),
    "centred": lambda a, axis: a - a.mean(axis=axis, keepdims=True),
    "standardised": lambda a, axis: _standardised(a, axis, 1),
    "standardised without correction": lambda a, axis: _standardised(a, axis, 0),
    "divided by its maximum": lambda a, axis: a / a.max(axis=axis, keepdims=True),
    "cumulative sum": lambda a, axis: np.cumsum(a, axis=axis),
    "cumulative product": lambda a, axis: np.cumprod(a, axis=axis),
    "ranked by `argsort`": lambda a, axis: np.argsort(a, axis=axis, kind="stable"),
}
PRECISIONS = {"float16": 1e-3, "bfloat16": 1e-2, "float32": 1e-6}
NOUN = r"(?P<what>softmax|log-softmax|cumulative sum|cumulative product)"
PARTICIPLE = f"(?P<what>{'|'.join(map(re.escape, sorted(STEPS, reverse=True)))})"
WHERE = r" (?:(?:over|along) dimension (?P<dim>\d+)|(?:over|along) one of its dimensions|over all dimensions)"
DIM = r"(?: along dimension (?P<dim>\d+))?"


def _offset_along(c: Claim, m: re.Match[str]) -> bool:
    dim = int(m["dim"]) if m["dim"] else 1
    others = tuple(axis for axis in range(c.got.ndim) if axis != dim)
    offset = (c.expected - c.got).mean(axis=others, keepdims=True)
    return c.is_same(c.got + offset, c.expected) and float(np.ptp(offset)) > 0


def _windows(c: Claim, m: re.Match[str]) -> bool:
    functions: dict[str, Callable[..., Array]] = {"maximum": np.max, "minimum": np.min, "mean": np.mean, "sum": np.sum}
    sizes = [int(size) for size in m["size"].split(" x ")]
    axes = tuple(range(c.x.ndim - len(sizes), c.x.ndim))
    windows = np.lib.stride_tricks.sliding_window_view(c.x, sizes, axes)
    inner = tuple(range(-len(sizes), 0))
    index: list[Any] = [..., *(slice(None, None, size) for size in sizes), *(slice(None) for _ in sizes)]
    strided = windows[tuple(index)]
    return any(
        c.is_same(functions[m["got"]](view, axis=inner), c.got)
        and c.is_same(functions[m["expected"]](view, axis=inner), c.expected)
        for view in (windows, strided)
    )


def _softmax_twice(c: Claim, m: re.Match[str]) -> bool:
    axis = int(m["dim"]) if m["dim"] else None
    once = _softmax(c.x, axis)
    return c.is_same(once, c.expected) and c.is_same(_softmax(once, axis), c.got)


def _softmax_of_normalised(c: Claim, m: re.Match[str]) -> bool:
    axis = int(m["dim"]) if m["dim"] else None
    return bool(np.allclose(c.expected.sum(axis=axis), 1, atol=1e-2)) and c.is_same(_softmax(c.expected, axis), c.got)


def _sigmoid(a: Array) -> Array:
    squashed: Array = 1 / (1 + np.exp(-a))
    return squashed


def _one_hot(encoding: Array, indices: Array) -> bool:
    return any(
        np.array_equal(encoding.argmax(axis), indices) and set(np.unique(encoding)) == {0, 1}
        for axis in range(encoding.ndim)
    )


CHECKS: tuple[tuple[str, Check], ...] = (
    (r"the (?P<got>\w+) of each window of `x` \(size (?P<size>[\d x]+)\) instead of the (?P<expected>\w+)", _windows),
    (r"the softmax of `x` was taken twice(?: over dimension (?P<dim>\d+))?", _softmax_twice),
    (
        r"the softmax was taken(?: over dimension (?P<dim>\d+))? of values that already sum to 1",
        _softmax_of_normalised,
    ),
    (r"`sigmoid` was applied to `x` twice", lambda c, m: c.is_same(_sigmoid(_sigmoid(c.x)), c.got)),
    (r"it is one-hot encoded", lambda c, m: _one_hot(c.got, c.expected)),
    (r"it contains indices, but a one-hot encoding", lambda c, m: _one_hot(c.expected, c.got)),
    (r"^every element is off by one", lambda c, m: np.unique(c.got - c.expected).tolist() in ([1], [-1])),
    (r"each (?:column|channel|index of dimension (?P<dim>\d)) is off by an amount of its own", _offset_along),
    (r"transposed: rows and columns", _elementwise(lambda a: a.T)),
    (
        r"transposed: dimensions (?P<a>\d) and (?P<b>\d)",
        lambda c, m: c.is_same(np.swapaxes(c.got, int(m["a"]), int(m["b"])), c.expected),
    ),
    (
        r"`\.permute\((?P<order>[\d, ]+)\)`",
        lambda c, m: c.is_same(c.got.transpose([int(n) for n in m["order"].split(",")]), c.expected),
    ),
    (r"it is rolled by (?P<by>-?\d+)" + DIM, _rolled),
    (r"`x` was rolled by (?P<by>-?\d+)" + DIM, _given_rolled),
    (r"(?:^|or )it is (?:reversed|sorted in the opposite order)" + DIM, _flipped),
    (r"sign is flipped(?! *\w)", lambda c, m: "scaled" in m.string or c.is_same(-c.got, c.expected)),
    (
        r"values are right, but dimension (?P<dim>\d+) of size 1 was kept",
        lambda c, m: c.is_same(c.got.squeeze(int(m["dim"])), c.expected),
    ),
    (
        r"values are right, but dimension (?P<dim>\d+) of size 1 was lost",
        lambda c, m: c.is_same(np.expand_dims(c.got, int(m["dim"])), c.expected),
    ),
    (
        r"(?:dimensions? of size 1 (?:were|was|is in)|but not the shape$|their order are right, but it is)",
        lambda c, m: c.is_same(c.got.reshape(c.expected.shape), c.expected),
    ),
    (
        r"values are (?:right, but )?in the wrong order|values are right, but not sorted"
        r"|with its dimensions in the wrong order",
        lambda c, m: c.is_same(np.sort(c.got, axis=None), np.sort(c.expected, axis=None)),
    ),
    (r"only the element at index (?P<index>\(?[\d, ]+\)?)", _one_element),
    (
        r"only (?:channel \d+ of |row \d+ of )?(?P<name>row|column|channel|batch entry) (?P<index>\d+) is wrong",
        _one_region,
    ),
    (r"is the square root of the expected result", _elementwise(np.square)),
    (r"is the square of the expected result", _elementwise(np.square, inverse=True)),
    (r"is the logarithm of the expected result", _elementwise(np.log, inverse=True)),
    (r"is the exponential of the expected result", _elementwise(np.log)),
    (r"is the reciprocal of the expected result", _elementwise(np.reciprocal)),
    (r"absolute value is missing", _elementwise(np.abs)),
    (r"extra absolute value", _elementwise(np.abs, inverse=True)),
    (r"negative values should be 0", _elementwise(_relu)),
    (r"negative values were set to 0", _elementwise(_relu, inverse=True)),
    (r"`sigmoid` is missing", _elementwise(lambda a: 1 / (1 + np.exp(-a)))),
    (r"extra `sigmoid`", _elementwise(lambda a: 1 / (1 + np.exp(-a)), inverse=True)),
    (r"`tanh` is missing", _elementwise(np.tanh)),
    (r"extra `tanh`", _elementwise(np.tanh, inverse=True)),
    (r"is rounded to whole numbers", _elementwise(np.round, inverse=True)),
    (
        r"is cut off to whole numbers",
        lambda c, m: any(c.is_same(f(c.expected), c.got) for f in (np.floor, np.trunc)),
    ),
    (r"is rounded up", _elementwise(np.ceil, inverse=True)),
    (r"is rounded to (?P<digits>\d) decimal", lambda c, m: c.is_same(np.round(c.expected, int(m["digits"])), c.got)),
    (
        r"should be rounded to whole",
        lambda c, m: any(c.is_same(f(c.got), c.expected) for f in (np.round, np.floor, np.trunc, np.ceil)),
    ),
    (r"it is (?P<count>one|\d+) elements? too (?P<what>short|long)(?: (?P<where>at the \w+))?" + DIM, _extent),
    (r"it is `x` itself, unchanged", lambda c, m: c.is_same(c.x, c.got)),
    (
        r"the (?P<what>[a-z` -]+?) of `x` was taken"
        r"(?: over (?:all dimensions|dimension (?P<dim>\d+)))?(?: instead|, but)",
        _reduced,
    ),
    (r"it is scaled", _scaled),
    (r"it is shifted", _shifted),
    (r"^it is off by one$", lambda c, m: abs(c.got - c.expected) == 1),
    (r"dtype is \w+: cast", lambda c, m: not c.differs().any()),
    (r"mask is inverted", lambda c, m: not bool((c.got == c.expected).any())),
    (
        r"it is (?P<what>NaN|infinite) at (?P<count>\d+) of (?P<all>\d+)",
        lambda c, m: (
            c.got.size == int(m["all"])
            and int((np.isnan if m["what"] == "NaN" else np.isinf)(c.got).sum()) >= int(m["count"])
        ),
    ),
    (r"(?:nan|NaN|infinite) (?:everywhere|instead of a number)", lambda c, m: not bool(np.isfinite(c.got).any())),
    (r"right up to rounding", lambda c, m: c.is_same(c.got, c.expected)),
    (r"same factor, or by the same amount", lambda c, m: np.unique(c.got).size == np.unique(c.expected).size == 1),
    (r"it is (?P<what>index|the slice from index) (?P<start>\d+)" + DIM + " of `x`", _part),
    (r"(?<! of )`x` was (?P<how>not added|not subtracted|subtracted instead|added instead)", _left_out),
    (r"it was (?P<how>not multiplied by|not divided by) `x`", _left_out),
    (
        r"holds (?P<low>-?\d+) to (?P<high>\d+) and wraps",
        lambda c, m: bool((c.expected > int(m["high"])).any() or (c.expected < int(m["low"])).any()),
    ),
    (r"only says whether each value is 0", lambda c, m: c.is_same((c.expected != 0) * 1.0, c.got)),
    (r"numbers instead of True and False", lambda c, m: c.is_same((c.got != 0) * 1.0, c.expected)),
    (r"not yet broadcast", lambda c, m: c.is_same(np.broadcast_to(c.got, c.expected.shape), c.expected)),
    (r"it was broadcast: each value", lambda c, m: c.is_same(np.broadcast_to(c.expected, c.got.shape), c.got)),
    (f"the {NOUN}(?:{WHERE})? is missing", lambda c, m: _step(c, c.got, c.expected, m)),
    (f"it was not {PARTICIPLE}(?:{WHERE})?$", lambda c, m: _step(c, c.got, c.expected, m)),
    (f"the {NOUN} was taken(?:{WHERE})?, but should not be", lambda c, m: _step(c, c.expected, c.got, m)),
    (f"it was {PARTICIPLE}(?:{WHERE})?, but should not be", lambda c, m: _step(c, c.expected, c.got, m)),
    (
        r"lost digits: its values have the precision of (?P<dtype>\w+)",
        lambda c, m: np.allclose(c.got, c.expected, rtol=PRECISIONS[m["dtype"]], atol=1e-5, equal_nan=True),
    ),
    (r"its dimensions are in the wrong order", _permuted),
    (r"only index (?P<index>\d+) along dimension (?P<dim>\d+) is wrong", _one_index),
    (r"it starts one element too (?P<when>early|late)" + DIM, _window),
    (r"off by one, always one too (?P<what>small|large)", _unit_steps),
    (r"it is the (?P<got>upper|lower) triangle instead of the (?P<expected>upper|lower) one", _triangle),
    (r"triangle is right except for its diagonal", _diagonal),
    (r"the boundary value of `x` is (?P<what>included|excluded)", _boundary),
    (f"`x` was {PARTICIPLE}(?:{WHERE}) instead", lambda c, m: _step(c, c.x, c.got, m)),
    (
        r"`x` was reversed along dimension (?P<dim>\d+) instead",
        lambda c, m: c.is_same(np.flip(c.x, int(m["dim"])), c.got),
    ),
    (
        r"`x` was sorted along dimension (?P<dim>\d+) instead",
        lambda c, m: c.is_same(np.sort(c.x, int(m["dim"])), c.got),
    ),
    (r"`x` was sorted instead of sorted in descending order", lambda c, m: c.is_same(np.sort(c.x), c.got)),
)

UNCHECKED = (
    # The type, the text, the shape or an effect, not the numbers of two tensors.
    r"it is an? (?:tensor|array|list|tuple|float|int|Series) instead of an? \w+",
    r"it is None",
    r"function or a class that was not called",
    r"text differs only",
    r"sizes are right|strides are right|^dimension \d+ is one element too",
    r"copy instead of a view|view instead of a copy",
    r"autograd graph|there is (?:a|no) gradient",
    r"`x` was changed(?:,| in place)|`x` is unchanged, but",
    r"the layout is \w+|the device meta",
    # Several items, or rows and columns with labels.
    r"are exchanged|\d items? too|one item too|the items are right",
    r"(?:items|values|columns) are scaled",
    r"DataFrame|the rows are right|the columns are right|the index|former index|values and labels are right",
    r"`\w+\['\w+'\]`|of `x` was taken by",
    # More than one given tensor, or an expression of one.
    r"should (?:not )?be transposed$|the expected result also depends on",
    r"^the scores were|of the scores was taken|`x` was applied|^scores that `x` excludes|`x` was not applied",
    r"the wrong operation, or operands in the wrong order",
    r"(?:stacked|concatenated) (?:instead of|along|in the wrong order)",
    r"was broadcast against",
    r"without `keepdim=True`",
    # A claim is about real numbers.
    r"complex conjugate",
)
"""Patterns of the sentences that no check covers."""

"""Checks a diagnosis's sentence against the values, in NumPy and by other means than the search found it with."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

Array = np.ndarray
Check = Callable[["Claim", re.Match[str]], bool]


class Claim:
    """One clause about two tensors and the given `x`."""

    def __init__(self, got: Tensor, expected: Tensor, x: Tensor) -> None:
        self.tensors = got, expected, x
        self.got, self.expected, self.x = (_array(tensor) for tensor in self.tensors)
        coarse = {torch.bfloat16: 0.1, torch.float16: 5e-3}
        self.rtol = max(coarse.get(tensor.dtype, 2e-5) for tensor in self.tensors)

    def same(self, one: Array, other: Array) -> bool:
        if one.shape != other.shape:
            return False
        finite = np.abs(other[np.isfinite(other)])
        scale = float(finite.max()) if finite.size else 0.0
        return bool(np.allclose(one, other, rtol=self.rtol, atol=self.rtol * scale, equal_nan=True))

    def differs(self) -> Array:
        return ~np.isclose(self.got, self.expected, rtol=1e-6, atol=1e-8, equal_nan=True)


def _array(tensor: Tensor) -> Array:
    return np.asarray(tensor.to(torch.float64).numpy())


def holds(claim: Claim, sentence: str) -> bool | None:
    """Whether the sentence is true of the values; None where none of these checks knows it."""
    text = sentence[:1].lower() + sentence[1:].rstrip(".")
    text = text.removesuffix("; these values cannot tell which").partition("; besides, its dtype")[0]
    known = []
    with np.errstate(all="ignore"):
        for pattern, check in CHECKS:
            known += [check(claim, found) for found in re.finditer(pattern, text)]
    return all(known) if known else None


def _rolled(c: Claim, m: re.Match[str]) -> bool:
    axis = int(m["dim"]) if m["dim"] else 0
    return c.same(np.roll(c.expected, int(m["by"]), axis), c.got)


def _flipped(c: Claim, m: re.Match[str]) -> bool:
    axis = (int(m["dim"]),) if m["dim"] else range(c.got.ndim)
    if "one of its dimensions" in m.string or "every dimension" in m.string:
        return any(c.same(np.flip(c.got, d), c.expected) for d in [*range(c.got.ndim), None])
    return c.same(np.flip(c.got, tuple(axis)), c.expected)


def _reduced(c: Claim, m: re.Match[str]) -> bool:
    functions = {
        "summed": np.sum,
        "averaged": np.mean,
        "maximum": np.max,
        "minimum": np.min,
        "multiplied together": np.prod,
        "largest": np.argmax,
        "smallest": np.argmin,
    }
    apply = next((f for words, f in functions.items() if words in m["what"]), None)
    if apply is None:
        return True
    made = apply(c.x) if m["made"] is None else apply(c.x, axis=int(m["made"]))
    return c.same(np.asarray(made, dtype=float).reshape(c.got.shape), c.got)


def _extent(c: Claim, m: re.Match[str]) -> bool:
    axis = int(m["dim"]) if m["dim"] else 0
    many = 1 if m["many"] == "one" else int(m["many"])
    long, short = (c.got, c.expected) if m["what"] == "too many" else (c.expected, c.got)
    size = long.shape[axis]
    cut = slice(many, size) if m["where"] == "at the beginning" else slice(0, size - many)
    return c.same(long[(slice(None),) * axis + (cut,)], short)


def _part(c: Claim, m: re.Match[str]) -> bool:
    axis = int(m["dim"]) if m["dim"] else 0
    start = int(m["start"])
    if m["what"] == "index":
        return c.same(np.take(c.x, start, axis), c.got)
    return c.same(np.take(c.x, range(start, start + c.got.shape[axis]), axis), c.got)


def _alone(c: Claim, m: re.Match[str]) -> bool:
    index = tuple(int(n) for n in re.findall(r"\d+", m["index"]))
    return [tuple(place) for place in np.argwhere(c.differs()).tolist()] == [index]


def _line(c: Claim, m: re.Match[str]) -> bool:
    names = {2: ("row", "column"), 4: ("batch entry", "channel", "row", "column")}[c.got.ndim]
    away = np.argwhere(c.differs())
    return set(away[:, names.index(m["name"])].tolist()) == {int(m["index"])}


def _scaled(c: Claim, _: re.Match[str]) -> bool:
    place = np.unravel_index(np.nanargmax(np.where(np.isfinite(c.expected), np.abs(c.expected), -1)), c.expected.shape)
    return c.same(c.expected * (c.got[place] / c.expected[place]), c.got)


def _shifted(c: Claim, _: re.Match[str]) -> bool:
    away = (c.got - c.expected).reshape(-1)
    usable = away[np.isfinite(away)]
    return bool(usable.size) and c.same(c.expected + usable[0], c.got)


def _left_out(c: Claim, m: re.Match[str]) -> bool:
    made = {
        "not added": c.got + c.x,
        "not subtracted": c.got - c.x,
        "subtracted where": c.got + 2 * c.x,
        "added where": c.got - 2 * c.x,
        "not multiplied with": c.got * c.x,
        "not divided by": c.got / c.x,
    }
    return c.same(made[m["how"]], c.expected)


def _elementwise(function: Callable[[Array], Array], *, back: bool = False) -> Check:
    def check(c: Claim, _: re.Match[str]) -> bool:
        one, other = (c.expected, c.got) if back else (c.got, c.expected)
        return c.same(np.asarray(function(one)), other)

    return check


def _relu(a: Array) -> Array:
    return np.where(np.isnan(a), a, np.maximum(a, 0))


def _step(c: Claim, one: Array, other: Array, m: re.Match[str]) -> bool:
    axis = None if m["dim"] is None else int(m["dim"])
    over = range(one.ndim) if m["dim"] is None and one.ndim > 1 and "one of" in m.string else [axis]
    return any(
        c.same(np.asarray(STEPS[m["what"]](one, axis), dtype=float).reshape(other.shape), other) for axis in over
    )


def _softmax(a: Array, axis: int | None) -> Array:
    raised = np.exp(a - a.max(axis=axis, keepdims=True))
    return raised / raised.sum(axis=axis, keepdims=True)


def _standardised(a: Array, axis: int | None, ddof: int) -> Array:
    return (a - a.mean(axis=axis, keepdims=True)) / a.std(axis=axis, keepdims=True, ddof=ddof)


STEPS: dict[str, Callable[[Array, int | None], Array]] = {
    "turned into a softmax": _softmax,
    "turned into a log-softmax": lambda a, axis: np.log(_softmax(a, axis)),
    "normalised to a sum of 1": lambda a, axis: a / a.sum(axis=axis, keepdims=True),
    "normalised to length 1": lambda a, axis: a / np.sqrt((a * a).sum(axis=axis, keepdims=True)),
    "centred": lambda a, axis: a - a.mean(axis=axis, keepdims=True),
    "standardised": lambda a, axis: _standardised(a, axis, 1),
    "standardised without correction": lambda a, axis: _standardised(a, axis, 0),
    "scaled by its maximum": lambda a, axis: a / a.max(axis=axis, keepdims=True),
    "summed up step by step": lambda a, axis: np.cumsum(a, axis=axis),
    "multiplied up step by step": lambda a, axis: np.cumprod(a, axis=axis),
    "ranked by `argsort`": lambda a, axis: np.argsort(a, axis=axis, kind="stable"),
}
WHERE = r" (?:along dimension (?P<dim>\d+)|along one of its dimensions|over all dimensions)"
DIM = r"(?: along dimension (?P<dim>\d+))?"
CHECKS: tuple[tuple[str, Check], ...] = (
    (r"transposed: rows and columns", _elementwise(lambda a: a.T)),
    (
        r"transposed: dimensions (?P<a>\d) and (?P<b>\d)",
        lambda c, m: c.same(np.swapaxes(c.got, int(m["a"]), int(m["b"])), c.expected),
    ),
    (
        r"`\.permute\((?P<order>[\d, ]+)\)`",
        lambda c, m: c.same(c.got.transpose([int(n) for n in m["order"].split(",")]), c.expected),
    ),
    (r"rolled by (?P<by>-?\d+)" + DIM, _rolled),
    (r"(?:^|or )it is (?:reversed|sorted the other way)" + DIM, _flipped),
    (r"sign is flipped(?! *\w)", lambda c, m: "scaled" in m.string or c.same(-c.got, c.expected)),
    (
        r"values are right, but dimension (?P<dim>\d+) of size 1 was kept",
        lambda c, m: c.same(c.got.squeeze(int(m["dim"])), c.expected),
    ),
    (
        r"values are right, but dimension (?P<dim>\d+) of size 1 was lost",
        lambda c, m: c.same(np.expand_dims(c.got, int(m["dim"])), c.expected),
    ),
    (
        r"(?:dimensions? of size 1 (?:were|was|stands)|another shape|in order, but it is)",
        lambda c, m: c.same(c.got.reshape(c.expected.shape), c.expected),
    ),
    (
        r"they are in another order|not sorted",
        lambda c, m: c.same(np.sort(c.got, axis=None), np.sort(c.expected, axis=None)),
    ),
    (r"only the element at index (?P<index>\(?[\d, ]+\)?)", _alone),
    (r"only (?:channel \d+ of |row \d+ of )?(?P<name>row|column|channel|batch entry) (?P<index>\d+) is wrong", _line),
    (r"is the square root of what was asked", _elementwise(np.square)),
    (r"is the square of what was asked", _elementwise(np.square, back=True)),
    (r"is the logarithm of what", _elementwise(np.log, back=True)),
    (r"is the exponential of what", _elementwise(np.log)),
    (r"is the reciprocal of what", _elementwise(np.reciprocal)),
    (r"absolute value is missing", _elementwise(np.abs)),
    (r"absolute value was taken", _elementwise(np.abs, back=True)),
    (r"negative values had to become 0", _elementwise(_relu)),
    (r"negative values became 0", _elementwise(_relu, back=True)),
    (r"`sigmoid` is missing", _elementwise(lambda a: 1 / (1 + np.exp(-a)))),
    (r"`sigmoid` was applied", _elementwise(lambda a: 1 / (1 + np.exp(-a)), back=True)),
    (r"`tanh` is missing", _elementwise(np.tanh)),
    (r"`tanh` was applied", _elementwise(np.tanh, back=True)),
    (r"is rounded to whole numbers", _elementwise(np.round, back=True)),
    (
        r"is cut off to whole numbers",
        lambda c, m: any(c.same(f(c.expected), c.got) for f in (np.floor, np.trunc)),
    ),
    (r"is rounded up", _elementwise(np.ceil, back=True)),
    (r"is rounded to (?P<digits>\d) digit", lambda c, m: c.same(np.round(c.expected, int(m["digits"])), c.got)),
    (
        r"had to be rounded to whole",
        lambda c, m: any(c.same(f(c.got), c.expected) for f in (np.round, np.floor, np.trunc, np.ceil)),
    ),
    (r"it is (?P<many>one|\d+) elements? (?P<what>short|too many)(?: (?P<where>at the \w+))?" + DIM, _extent),
    (r"it is `x` itself, unchanged", lambda c, m: c.same(c.x, c.got)),
    (
        r"`x` was (?P<what>[a-z ]+?) (?:over all dimensions|along dimension (?P<made>\d+))(?: instead|, where)",
        _reduced,
    ),
    (r"it is scaled", _scaled),
    (r"it is shifted|every element is off by one", _shifted),
    (r"^it is off by one$", lambda c, m: abs(c.got - c.expected) == 1),
    (r"dtype is \w+: cast", lambda c, m: c.same(c.got, c.expected)),
    (r"mask is inverted", lambda c, m: not bool((c.got == c.expected).any())),
    (
        r"it is (?P<what>NaN|infinite) at (?P<many>\d+) of (?P<all>\d+)",
        lambda c, m: (
            c.got.size == int(m["all"])
            and int((np.isnan if m["what"] == "NaN" else np.isinf)(c.got).sum()) >= int(m["many"])
        ),
    ),
    (r"(?:nan|NaN|infinite) (?:everywhere|where a number)", lambda c, m: not bool(np.isfinite(c.got).any())),
    (r"right but for rounding", lambda c, m: c.same(c.got, c.expected)),
    (r"same factor, or by the same amount", lambda c, m: np.unique(c.got).size == np.unique(c.expected).size == 1),
    (r"it is (?P<what>index|the part from index) (?P<start>\d+)(?: on)?" + DIM + " of `x`", _part),
    (
        r"`x` was (?P<how>not added|not subtracted|subtracted where|added where|not multiplied with|not divided by)",
        _left_out,
    ),
    (
        r"holds (?P<low>-?\d+) to (?P<high>\d+), and wraps",
        lambda c, m: bool((c.expected > int(m["high"])).any() or (c.expected < int(m["low"])).any()),
    ),
    (r"only whether each value is 0", lambda c, m: c.same((c.expected != 0) * 1.0, c.got)),
    (r"numbers stand where True and False", lambda c, m: c.same((c.got != 0) * 1.0, c.expected)),
    (r"still have to be broadcast", lambda c, m: c.same(np.broadcast_to(c.got, c.expected.shape), c.expected)),
    (r"it was broadcast: each value", lambda c, m: c.same(np.broadcast_to(c.expected, c.got.shape), c.got)),
    (r"it still has to be (?P<what>[^,]+?)(?:" + WHERE + ")?$", lambda c, m: _step(c, c.got, c.expected, m)),
    (
        r"it was (?P<what>[^,`]+?)(?:" + WHERE + "), where the values before",
        lambda c, m: _step(c, c.expected, c.got, m),
    ),
    (r"lost digits", lambda c, m: c.same(c.got, c.expected)),
)

"""Mistakes made alike in every element: the sign, a factor, an amount, a function left out or put in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from quizapp.grading.judge.compare.tensors import is_exact
from quizapp.grading.judge.diagnosis.evidence import TensorPair, Explanation, GivenValue, take_few, typical, varied
from quizapp.grading.judge.diagnosis.factors import factor_words


@dataclass(frozen=True, slots=True)
class PointwiseFunction:
    """A function that is easily left out, and its inverse where that is as easily put in."""

    apply: Callable[[Tensor], Tensor]
    missing: str
    """Said where it takes got to expected."""

    extra: str
    """Said where it takes expected to got."""

    family: str


INVERSES = (
    PointwiseFunction(
        torch.exp,
        "it is the logarithm of what was asked: an `exp` is missing, or a `log` is too many",
        "it is the exponential of what was asked: a `log` is missing, or an `exp` is too many",
        "exp-log",
    ),
    PointwiseFunction(
        torch.square,
        "it is the square root of what was asked: a square is missing, or a `sqrt` is too many",
        "it is the square of what was asked: a `sqrt` is missing, or a square is too many",
        "square-sqrt",
    ),
    PointwiseFunction(
        torch.reciprocal,
        "it is the reciprocal of what was asked",
        "it is the reciprocal of what was asked",
        "reciprocal",
    ),
)
"""Only the inverse's direction is computed where that is the better conditioned one."""

ONE_WAY = (
    PointwiseFunction(
        torch.abs, "the absolute value is missing", "an absolute value was taken where none was asked", "abs"
    ),
    PointwiseFunction(
        torch.relu,
        "negative values had to become 0, as by `relu` or `clamp(min=0)`",
        "negative values became 0 where they were to stay",
        "relu",
    ),
    PointwiseFunction(
        torch.sigmoid, "a `sigmoid` is missing", "a `sigmoid` was applied where none was asked", "sigmoid"
    ),
    PointwiseFunction(torch.tanh, "a `tanh` is missing", "a `tanh` was applied where none was asked", "tanh"),
)


MOST_SHIFTED = 1000
"""Times a typical element that an amount may be."""

MANY_VALUES = 8
"""Range of whole numbers in which steps of one are no chance."""


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """Every explanation by one and the same change of each element that holds."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or torch.bool in (got.dtype, expected.dtype) or got.numel() == 0:
        return
    sign = _sign(pair)
    if sign:
        yield sign
    if not varied(expected) and not varied(got):
        if not sign:
            yield from _constant(pair)
        return
    if varied(expected) and varied(got):
        if not sign:
            yield from _affine(pair)
        yield from _functions(pair, signed=sign is not None)
        yield from _rounded(pair)


def _sign(pair: TensorPair) -> Explanation | None:
    if pair.got.dtype in (torch.uint8, torch.uint16, torch.uint32, torch.uint64) or not pair.maps(
        torch.neg, pair.got, pair.expected
    ):
        return None
    return Explanation("sign", "the sign is flipped") if _nonzero(pair.expected) else None


def _nonzero(tensor: Tensor) -> bool:
    return bool((tensor != 0).any())


def _constant(pair: TensorPair) -> Iterator[Explanation]:
    """All of got's elements are equal, and all of expected's: the least that can be said."""
    mine, theirs = (float(side.reshape(-1)[0]) for side in (pair.got, pair.expected))
    if pair.expected.numel() == 1:
        yield from _number(pair, mine, theirs)
    elif mine and theirs and math.isfinite(mine) and math.isfinite(theirs):
        yield Explanation(
            "constant",
            "every element is off by the same factor, or by the same amount: equal values cannot tell which",
        )


def _number(pair: TensorPair, mine: float, theirs: float) -> Iterator[Explanation]:
    """One number: only what can hardly be a coincidence."""
    if is_exact(pair.expected):
        if abs(mine - theirs) == 1:
            yield Explanation("off-by-one", "it is off by one")
    elif mine and theirs and math.isfinite(mine) and math.isfinite(theirs) and not (_simple(mine) or _simple(theirs)):
        words = factor_words(mine / theirs, pair.given)
        if words:
            yield Explanation("scaled", f"it is scaled: {words}")
        yield from _inverses(pair)


def _simple(number: float) -> bool:
    """Whether a number is so round that its ratios say nothing."""
    return (number * 16).is_integer()


def _affine(pair: TensorPair) -> Iterator[Explanation]:
    """One factor, or one amount, for all elements."""
    got, expected = pair.got, pair.expected
    # A result is often scaled by a size of its own.
    sources = (*pair.given, GivenValue("", expected)) if expected.ndim else pair.given
    mine, theirs = take_few(got).to(torch.float64), take_few(expected).to(torch.float64)
    usable = (mine != 0) & (theirs != 0) & mine.isfinite() & theirs.isfinite()
    if usable.any():
        largest = int(torch.where(usable, theirs.abs(), -1).argmax())
        factor = float(mine[largest] / theirs[largest])
        if abs(factor - 1) > 1e-9 and pair.maps(lambda side: side / factor, got, expected):
            plain = "every element is off by the same factor" if pair.hidden else _plain_factor(factor)
            yield Explanation("scaled", f"it is scaled: {factor_words(factor, sources) or plain}")
    amount = float(mine[0] - theirs[0])
    # A shifted number is only as exact as the amount: that of another order of size would hide what is left.
    usual = abs(amount) <= MOST_SHIFTED * typical(expected)
    if amount and math.isfinite(amount) and usual and pair.maps(lambda side: side + amount, expected, got):
        yield _shifted(pair, amount)


def _plain_factor(factor: float) -> str:
    words = f"{factor:.4g}" if abs(factor - 1) > 1e-3 else f"{factor:.8g}"
    return f"every element is {words} times what was asked"


def _shifted(pair: TensorPair, amount: float) -> Explanation:
    if abs(amount) == 1 and is_exact(pair.expected):
        return Explanation("off-by-one", f"every element is off by one: one too {'large' if amount > 0 else 'small'}")
    for given in pair.given:
        for name, number in _levels(given.tensor):
            if math.isclose(abs(amount), abs(number), rel_tol=1e-5) and abs(number) > 1e-12:
                missing = amount * number > 0
                return Explanation(
                    "shifted",
                    f"it is shifted: {name} `{given.name}` was {'not subtracted' if missing else 'not added'}",
                )
    return Explanation(
        "shifted", f"it is shifted: every element is too {'large' if amount > 0 else 'small'} by one amount"
    )


def _levels(tensor: Tensor) -> Iterator[tuple[str, float]]:
    """Numbers by which results made from a tensor are often shifted."""
    if tensor.numel() == 0 or tensor.dtype == torch.bool:
        return
    if tensor.numel() == 1:
        yield "", float(tensor.reshape(-1)[0])
        return
    low, high = torch.aminmax(tensor)
    yield "the mean of", float(tensor.mean(dtype=torch.float64))
    yield "the maximum of", float(high)
    yield "the minimum of", float(low)


def _inverses(pair: TensorPair) -> Iterator[Explanation]:
    got, expected = pair.got, pair.expected
    exp, square, reciprocal = INVERSES
    if pair.maps(torch.log, expected, got):
        yield Explanation(exp.family, exp.missing)
    elif pair.maps(torch.log, got, expected):
        yield Explanation(exp.family, exp.extra)
    if pair.maps(torch.square, got, expected):
        yield Explanation(square.family, square.missing)
    elif pair.maps(torch.square, expected, got):
        yield Explanation(square.family, square.extra)
    if pair.maps(torch.reciprocal, got, expected):
        yield Explanation(reciprocal.family, reciprocal.missing)


def _functions(pair: TensorPair, *, signed: bool) -> Iterator[Explanation]:
    got, expected = pair.got, pair.expected
    yield from _inverses(pair)
    for function in ONE_WAY:
        if function.family == "abs" and signed:
            # With every sign flipped, an absolute value is the same thing said worse.
            continue
        if pair.maps(function.apply, got, expected):
            yield Explanation(function.family, function.missing)
        elif pair.maps(function.apply, expected, got):
            yield Explanation(function.family, function.extra)


def _rounded(pair: TensorPair) -> Iterator[Explanation]:
    """Whole numbers, or fewer digits, where the exact values were asked, and the reverse."""
    got, expected = pair.got, pair.expected
    if not is_exact(expected):
        names = [name for name, function in ROUNDINGS if pair.maps(function, expected, got)]
        if names:
            yield Explanation("rounded", _rounding_words(names))
        else:
            yield from _digits(pair)
    if not is_exact(got) and any(pair.maps(function, got, expected) for _, function in ROUNDINGS):
        yield Explanation("not-rounded", "it had to be rounded to whole numbers")


def unit_steps(pair: TensorPair) -> Iterator[Explanation]:
    """Whole numbers of which some are one off, and all of those to the same side."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or not (is_exact(got) and is_exact(expected)) or got.dtype == torch.bool:
        return
    if got.numel() == 0:
        return
    if abs(_step(take_few(got), take_few(expected))) > 1:
        return
    step = _step(got, expected)
    if abs(step) != 1 or int((got != expected).count_nonzero()) < 2:
        return
    if int(expected.max()) - int(expected.min()) < MANY_VALUES:
        return
    words = "small, as where a number is cut off and was to be rounded" if step < 0 else "large"
    yield Explanation("off-by-one", f"some elements are off by one, always one too {words}")


def _step(got: Tensor, expected: Tensor) -> int:
    """What all whole numbers that are wrong are off by, where that is 1 or -1; 0 where none is wrong, else MANY."""
    low, high = (int(end) for end in torch.aminmax(got.to(torch.int64) - expected.to(torch.int64)))
    return {(0, 0): 0, (0, 1): 1, (1, 1): 1, (-1, 0): -1, (-1, -1): -1}.get((low, high), MANY_VALUES)


def _rounding_words(names: list[str]) -> str:
    if "floor" in names or "trunc" in names:
        return "it is cut off to whole numbers, as by integer division `//` or a cast to integers"
    return "it is rounded up" if names == ["ceil"] else "it is rounded to whole numbers"


def _digits(pair: TensorPair) -> Iterator[Explanation]:
    for digits in range(1, 5):
        if pair.maps(lambda side, digits=digits: torch.round(side, decimals=digits), pair.expected, pair.got):  # type: ignore[misc]
            yield Explanation("rounded", f"it is rounded to {digits} digit{'s' if digits > 1 else ''} behind the point")
            return


ROUNDINGS: tuple[tuple[str, Callable[[Tensor], Tensor]], ...] = (
    ("round", torch.round),
    ("floor", torch.floor),
    ("trunc", torch.trunc),
    ("ceil", torch.ceil),
)

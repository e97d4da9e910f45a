"""Mistakes that are the same in every element: the sign, a factor, an amount, a missing or extra function."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from quizapp.grading.judge.compare.tensors import is_exact
from quizapp.grading.judge.diagnosis.evidence import (
    FEWEST_DISTINCT,
    SMALLEST_TELLING,
    Explanation,
    GivenValue,
    TensorPair,
    is_round,
    is_varied,
    maps,
    take_sample,
    typical_magnitude,
)
from quizapp.grading.judge.diagnosis.factors import explain_factor
from quizapp.grading.mistake import Mistake


@dataclass(frozen=True, slots=True)
class PointwiseFunction:
    """A function that is easily forgotten, or applied by mistake."""

    apply: Callable[[Tensor], Tensor]
    missing: str
    """The clause if it maps got to expected."""

    extra: str
    """The clause if it maps expected to got."""

    kind: Mistake
    """That of its explanations."""


INVERSES = (
    PointwiseFunction(
        torch.exp,
        "it is the logarithm of the expected result: an `exp` is missing, or there is an extra `log`",
        "it is the exponential of the expected result: a `log` is missing, or there is an extra `exp`",
        Mistake.EXP_LOG,
    ),
    PointwiseFunction(
        torch.square,
        "it is the square root of the expected result: a square is missing, or there is an extra `sqrt`",
        "it is the square of the expected result: a `sqrt` is missing, or there is an extra square",
        Mistake.SQUARE_SQRT,
    ),
    PointwiseFunction(
        torch.reciprocal,
        "it is the reciprocal of the expected result",
        "it is the reciprocal of the expected result",
        Mistake.RECIPROCAL,
    ),
)
"""Functions that are easily confused with their inverse; `_explain_inverses` computes the more exact direction."""

ONE_WAY = (
    PointwiseFunction(torch.abs, "the absolute value is missing", "there is an extra absolute value", Mistake.ABS),
    PointwiseFunction(
        torch.relu,
        "negative values should be 0: a `relu` or `clamp(min=0)` is missing",
        "negative values were set to 0, but should be kept",
        Mistake.RELU,
    ),
    PointwiseFunction(torch.sigmoid, "a `sigmoid` is missing", "there is an extra `sigmoid`", Mistake.SIGMOID),
    PointwiseFunction(torch.tanh, "a `tanh` is missing", "there is an extra `tanh`", Mistake.TANH),
)

ROUNDINGS: tuple[tuple[str, Callable[[Tensor], Tensor]], ...] = (
    ("round", torch.round),
    ("floor", torch.floor),
    ("trunc", torch.trunc),
    ("ceil", torch.ceil),
)

MOST_SHIFTED = 1000
"""Largest amount that is reported, in typical magnitudes of an element."""

FEWEST_ROUNDED = 3
"""Elements from which on it is no coincidence that all are rounded."""

FEWEST_UNITS = 4
"""Integers 1 and -1 from which on their signs are no coincidence."""

FEWEST_STEPS = 3
"""Integers off by one, of twice as many or more, from which on that is no coincidence."""

UNSIGNED = (torch.uint8, torch.uint16, torch.uint32, torch.uint64)


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Yield every explanation by one change of each element that holds."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or torch.bool in (got.dtype, expected.dtype) or got.numel() == 0:
        return
    are_varied = [is_varied(side) for side in (got, expected)]
    sign = _explain_sign(got, expected) if all(are_varied) or got.numel() == 1 else None
    if sign:
        yield sign
    if not any(are_varied) and not sign:
        yield from _explain_constant(pair)
    if all(are_varied):
        if not sign:
            yield from _explain_affine(pair)
        yield from _explain_functions(got, expected, is_sign_flipped=sign is not None)
        if got.numel() >= FEWEST_ROUNDED:
            yield from _explain_rounding(got, expected)


def explain_complex(pair: TensorPair) -> Iterator[Explanation]:
    """Yield every explanation by one change of each complex element that holds."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.numel() == 0 or not (got.is_complex() and expected.is_complex()):
        return
    if maps(torch.conj_physical, got, expected):
        clause = "it is the complex conjugate of the expected result: the imaginary parts have the wrong sign"
        yield Explanation(Mistake.CONJUGATE, clause)
    if maps(torch.neg, got, expected):
        yield Explanation(Mistake.SIGN, "the sign is flipped")


def _explain_sign(got: Tensor, expected: Tensor) -> Explanation | None:
    if got.dtype in UNSIGNED or not maps(torch.neg, got, expected):
        return None
    # A few numbers 1 and -1 are returned for many reasons.
    is_evident = expected != 0 if expected.numel() >= FEWEST_UNITS or not is_exact(expected) else expected.abs() > 1
    return Explanation(Mistake.SIGN, "the sign is flipped") if bool(is_evident.any()) else None


def _explain_constant(pair: TensorPair) -> Iterator[Explanation]:
    """Explain two tensors that each contain one value only, which prove little."""
    got, expected = (float(side.reshape(-1)[0]) for side in (pair.got, pair.expected))
    if pair.expected.numel() == 1:
        yield from _explain_number(pair, got, expected)
    elif got and expected and math.isfinite(got) and math.isfinite(expected):
        clause = "every element is off by the same factor, or by the same amount: equal values do not show which"
        yield Explanation(Mistake.CONSTANT, clause)


def _explain_number(pair: TensorPair, got: float, expected: float) -> Iterator[Explanation]:
    """Explain one number, by what can hardly be a coincidence."""
    if is_exact(pair.expected):
        if abs(got - expected) == 1 and abs(expected) >= SMALLEST_TELLING and not pair.is_count:
            yield Explanation(Mistake.OFF_BY_ONE, "it is off by one")
    elif got and expected and math.isfinite(got) and math.isfinite(expected):
        if is_round(pair.got) or is_round(pair.expected):
            return
        found = explain_factor(got / expected, pair.given)
        if found:
            yield found
        yield from _explain_inverses(pair.got, pair.expected)


def _explain_affine(pair: TensorPair) -> Iterator[Explanation]:
    """Explain one factor, or one amount, for all elements."""
    got, expected = pair.got, pair.expected
    # A result is often scaled by one of its own sizes.
    sources = (*pair.given, GivenValue("", expected)) if expected.ndim else pair.given
    got_sample, expected_sample = take_sample(got).to(torch.float64), take_sample(expected).to(torch.float64)
    usable = (got_sample != 0) & (expected_sample != 0) & got_sample.isfinite() & expected_sample.isfinite()
    # One element that is not 0 is any multiple of another one.
    if int(usable.count_nonzero()) > 1:
        largest = int(torch.where(usable, expected_sample.abs(), -1).argmax())
        factor = float(got_sample[largest] / expected_sample[largest])
        if abs(factor - 1) > 1e-9 and maps(lambda side: side / factor, got, expected):
            plain = "every element is off by the same factor" if pair.hidden else _plain_factor(factor)
            yield explain_factor(factor, sources) or Explanation(Mistake.SCALED, f"it is scaled: {plain}")
    amount = float(got_sample[0] - expected_sample[0])
    # A shifted number is only as exact as the amount: a very large amount absorbs the digits of the elements.
    is_usual = abs(amount) <= MOST_SHIFTED * typical_magnitude(expected)
    is_step = abs(amount) == 1 and is_exact(expected)
    is_few = is_exact(expected) and expected.numel() < FEWEST_DISTINCT
    if not amount or not math.isfinite(amount) or not is_usual or is_step or is_few:
        return
    if maps(lambda side: side + amount, expected, got):
        yield _shifted(pair, amount)


def _plain_factor(factor: float) -> str:
    # A factor near 1 needs more digits.
    number = f"{factor:.4g}" if abs(factor - 1) > 1e-3 else f"{factor:.8g}"
    return f"every element is {number} times the expected one"


def _shifted(pair: TensorPair, amount: float) -> Explanation:
    direction = "large" if amount > 0 else "small"
    for given in pair.named:
        for source, number in _shifts(given):
            if math.isclose(abs(amount), abs(number), rel_tol=1e-5) and abs(number) > 1e-12:
                action = "subtracted" if amount * number > 0 else "added"
                return Explanation(Mistake.SHIFTED, f"it is shifted: {source} was not {action}")
    return Explanation(Mistake.SHIFTED, f"it is shifted: every element is too {direction} by the same amount")


def _shifts(given: GivenValue) -> Iterator[tuple[str, float]]:
    """Yield (source, number) for the numbers of a given tensor that results are often shifted by."""
    tensor, name = given.tensor, f"`{given.name}`"
    if tensor.numel() == 0 or tensor.dtype == torch.bool:
        return
    if tensor.numel() == 1:
        yield name, float(tensor.reshape(-1)[0])
        return
    low, high = torch.aminmax(tensor)
    yield f"the mean of {name}", float(tensor.mean(dtype=torch.float64))
    yield f"the maximum of {name}", float(high)
    yield f"the minimum of {name}", float(low)


def _explain_inverses(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    exp, square, reciprocal = INVERSES
    if maps(torch.log, expected, got):
        yield Explanation(exp.kind, exp.missing)
    elif maps(torch.log, got, expected):
        yield Explanation(exp.kind, exp.extra)
    if maps(torch.square, got, expected):
        yield Explanation(square.kind, square.missing)
    elif maps(torch.square, expected, got):
        yield Explanation(square.kind, square.extra)
    if maps(torch.reciprocal, got, expected):
        yield Explanation(reciprocal.kind, reciprocal.missing)


def _explain_functions(got: Tensor, expected: Tensor, *, is_sign_flipped: bool) -> Iterator[Explanation]:
    yield from _explain_inverses(got, expected)
    for function in ONE_WAY:
        if function.kind == "abs" and is_sign_flipped:
            # An absolute value would explain the same data less specifically.
            continue
        if maps(function.apply, got, expected):
            yield Explanation(function.kind, function.missing)
        elif maps(function.apply, expected, got):
            yield Explanation(function.kind, function.extra)


def _explain_rounding(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    """Explain whole numbers, or fewer digits, where exact values are expected, and the reverse."""
    if not is_exact(expected):
        names = [name for name, function in ROUNDINGS if maps(function, expected, got)]
        if names:
            yield Explanation(Mistake.ROUNDED, _rounding(names))
        else:
            yield from _explain_decimals(got, expected)
    if not is_exact(got) and any(maps(function, got, expected) for _, function in ROUNDINGS):
        yield Explanation(Mistake.NOT_ROUNDED, "it should be rounded to whole numbers")


def _rounding(names: list[str]) -> str:
    if "floor" in names or "trunc" in names:
        return "it is cut off to whole numbers, as by integer division `//` or a cast to integers"
    return "it is rounded up" if names == ["ceil"] else "it is rounded to whole numbers"


def _explain_decimals(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    for decimals in range(1, 5):
        if maps(lambda side, n=decimals: torch.round(side, decimals=n), expected, got):  # type: ignore[misc]
            places = f"{decimals} decimal place{'s' if decimals > 1 else ''}"
            yield Explanation(Mistake.ROUNDED, f"it is rounded to {places}")
            return


def explain_unit_steps(pair: TensorPair) -> Iterator[Explanation]:
    """Explain integers of which all, or some, are off by one, in the same direction."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or not is_exact(expected) or torch.bool in (got.dtype, expected.dtype):
        return
    if got.numel() < FEWEST_DISTINCT or pair.is_count:
        return
    if maps(lambda side: side + 1, expected, got) or maps(lambda side: side - 1, expected, got):
        if torch.unique(expected).numel() >= FEWEST_DISTINCT:
            direction = "large" if got.sum(dtype=torch.float64) > expected.sum(dtype=torch.float64) else "small"
            yield Explanation(Mistake.OFF_BY_ONE, f"every element is off by one: one too {direction}")
    elif is_exact(got):
        yield from _explain_some_steps(got, expected)


def _explain_some_steps(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    if _step(take_sample(got), take_sample(expected)) is None:
        return
    step = _step(got, expected)
    wrong = int((got != expected).count_nonzero())
    is_evident = wrong >= FEWEST_STEPS and got.numel() >= 2 * FEWEST_STEPS
    if not step or not is_evident or int(expected.max()) - int(expected.min()) < SMALLEST_TELLING:
        return
    what = "small, as if cut off instead of rounded" if step < 0 else "large"
    yield Explanation(Mistake.OFF_BY_ONE, f"some elements are off by one, always one too {what}")


def _step(got: Tensor, expected: Tensor) -> int | None:
    """Return 1 or -1 if all wrong integers are off by that, 0 if none is wrong, else None."""
    low, high = (int(end) for end in torch.aminmax(got.to(torch.int64) - expected.to(torch.int64)))
    return {(0, 0): 0, (0, 1): 1, (1, 1): 1, (-1, 0): -1, (-1, -1): -1}.get((low, high))

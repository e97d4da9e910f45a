"""Values that a cast on the way has spoilt: lost digits, integers that wrapped around, truth for number.

And what is right but for rounding: where the sides are that near, no other explanation is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from quizapp.grading.judge.compare.mismatch import TOLERANCES
from quizapp.grading.judge.compare.tensors import differing, dtype_name, is_exact
from quizapp.grading.judge.diagnosis.evidence import TensorPair, Explanation, take_few, varied

NARROW = {torch.float16: "float16", torch.bfloat16: "bfloat16", torch.float32: "float32"}
DIGITS = {torch.float16: "three", torch.bfloat16: "two", torch.float32: "seven"}
"""Decimal digits that a dtype holds."""

INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32)


def nearly(pair: TensorPair) -> Iterator[Explanation]:
    """The sides differ by rounding alone."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.numel() == 0 or (is_exact(got) and is_exact(expected)):
        return
    if pair.explains(got):
        yield Explanation(
            "nearly", "it is right but for rounding: look at the dtype, or at the order of the operations"
        )


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """Every explanation by a cast that holds."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.numel() == 0:
        return
    yield from _digits(got, expected)
    yield from _overflow(got, expected)
    yield from _truth(got, expected)


def _digits(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    """Every value of got is one that a narrower float holds, and expected's are not."""
    if not (got.is_floating_point() and expected.is_floating_point()):
        return
    for dtype, name in NARROW.items():
        if dtype.itemsize >= min(got.dtype.itemsize, expected.dtype.itemsize):
            continue
        if not (_lost(dtype, name, take_few(got), take_few(expected)) and _lost(dtype, name, got, expected)):
            continue
        if _held(dtype, expected):
            continue
        clause = (
            f"it has lost digits: its values are only as exact as {name} holds them, to about {DIGITS[dtype]} digits"
        )
        yield Explanation("precision", clause)
        return


def _held(dtype: torch.dtype, tensor: Tensor) -> bool:
    return torch.equal(tensor.to(dtype).to(tensor.dtype), tensor)


def _lost(dtype: torch.dtype, name: str, got: Tensor, expected: Tensor) -> bool:
    """Whether got is what expected may have become in a narrower dtype."""
    return _held(dtype, got) and not differing(got, expected, *TOLERANCES[name]).any()


def _overflow(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    if not (is_exact(got) and is_exact(expected)) or torch.bool in (got.dtype, expected.dtype):
        return
    for dtype in INTEGERS:
        if not (_wraps(dtype, take_few(got), take_few(expected)) and _wraps(dtype, got, expected)):
            continue
        wrapped = expected.to(dtype)
        if not torch.equal(wrapped.to(torch.int64), expected.to(torch.int64)):
            limits = torch.iinfo(dtype)
            clause = f"it has overflowed: {dtype_name(wrapped)} holds {limits.min} to {limits.max}, and wraps around"
            yield Explanation("overflow", clause)
            return


def _wraps(dtype: torch.dtype, got: Tensor, expected: Tensor) -> bool:
    return torch.equal(expected.to(dtype).to(torch.int64), got.to(torch.int64))


def _truth(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    if got.dtype == torch.bool != expected.dtype and varied(expected) and torch.equal(got, expected != 0):
        yield Explanation(
            "truth", "only whether each value is 0 is left of it: a comparison or a cast to bool made it a mask"
        )
    elif expected.dtype == torch.bool != got.dtype and varied(expected) and torch.equal(got != 0, expected):
        yield Explanation("truth", "numbers stand where True and False were asked: a comparison is missing")

"""Values changed by a cast: lost precision, integer overflow, a mask for numbers, a one-hot encoding for indices.

Also results that are right up to rounding: then no other explanation is searched for.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from quizapp.grading.judge.compare.mismatch import TOLERANCES
from quizapp.grading.judge.compare.tensors import differing, dtype_name, is_exact
from quizapp.grading.judge.diagnosis.evidence import Explanation, TensorPair, is_varied, take_sample
from quizapp.grading.mistake import Mistake

NARROW_FLOATS = {torch.float16: "float16", torch.bfloat16: "bfloat16", torch.float32: "float32"}
DIGITS = {torch.float16: "three", torch.bfloat16: "two", torch.float32: "seven"}
"""Significant decimal digits of a dtype."""

NARROW_INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32)


def explain_rounding(pair: TensorPair) -> Iterator[Explanation]:
    """Explain two tensors that differ by rounding only."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.numel() == 0 or (is_exact(got) and is_exact(expected)):
        return
    if pair.explains(got):
        yield Explanation(Mistake.NEARLY, "it is right up to rounding: check the dtype and the order of the operations")


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Yield every explanation by a cast that holds."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.numel() == 0:
        return
    yield from _explain_precision(got, expected)
    yield from _explain_overflow(got, expected)
    yield from _explain_truth(got, expected)


def explain_one_hot(pair: TensorPair) -> Iterator[Explanation]:
    """Explain a one-hot encoding where its indices are expected, and the reverse."""
    if _is_one_hot_of(pair.got, pair.expected):
        clause = "it is one-hot encoded, but the indices themselves are expected: `argmax` gives them"
        yield Explanation(Mistake.ONE_HOT, clause)
    elif _is_one_hot_of(pair.expected, pair.got):
        clause = "it contains indices, but a one-hot encoding of them is expected: `F.one_hot` gives it"
        yield Explanation(Mistake.ONE_HOT, clause)


def _is_one_hot_of(encoding: Tensor, indices: Tensor) -> bool:
    """Return whether `encoding` has one dimension more, with a single 1 at each of at least two different indices."""
    if encoding.ndim != indices.ndim + 1 or encoding.numel() < indices.numel() * 2 or not is_varied(indices):
        return False
    for dim in dict.fromkeys((encoding.ndim - 1, 1)):
        if encoding.shape[:dim] + encoding.shape[dim + 1 :] != indices.shape:
            continue
        ones = encoding == 1
        is_single = bool((ones | (encoding == 0)).all()) and bool((ones.sum(dim) == 1).all())
        if is_single and torch.equal(ones.to(torch.int64).argmax(dim).to(torch.float64), indices.to(torch.float64)):
            return True
    return False


def _explain_precision(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    """Explain values that a narrower float represents exactly, where the expected values need more digits."""
    if not (got.is_floating_point() and expected.is_floating_point()):
        return
    for dtype, name in NARROW_FLOATS.items():
        if dtype.itemsize >= min(got.dtype.itemsize, expected.dtype.itemsize):
            continue
        if not _is_cast_of(dtype, name, take_sample(got), take_sample(expected)):
            continue
        if not _is_cast_of(dtype, name, got, expected) or _is_representable(dtype, expected):
            continue
        clause = f"it has lost digits: its values have the precision of {name}, about {DIGITS[dtype]} digits"
        yield Explanation(Mistake.PRECISION, clause)
        return


def _is_representable(dtype: torch.dtype, tensor: Tensor) -> bool:
    return torch.equal(tensor.to(dtype).to(tensor.dtype), tensor)


def _is_cast_of(dtype: torch.dtype, name: str, got: Tensor, expected: Tensor) -> bool:
    """Return whether `got` can be `expected` cast to a narrower dtype and back."""
    return _is_representable(dtype, got) and not differing(got, expected, *TOLERANCES[name]).any()


def _explain_overflow(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    if not (is_exact(got) and is_exact(expected)) or torch.bool in (got.dtype, expected.dtype):
        return
    for dtype in NARROW_INTEGERS:
        if not _is_wrapped(dtype, take_sample(got), take_sample(expected)) or not _is_wrapped(dtype, got, expected):
            continue
        wrapped = expected.to(dtype)
        if not torch.equal(wrapped.to(torch.int64), expected.to(torch.int64)):
            limits = torch.iinfo(dtype)
            clause = f"it overflowed: {dtype_name(wrapped)} holds {limits.min} to {limits.max} and wraps around"
            yield Explanation(Mistake.OVERFLOW, clause)
            return


def _is_wrapped(dtype: torch.dtype, got: Tensor, expected: Tensor) -> bool:
    return torch.equal(expected.to(dtype).to(torch.int64), got.to(torch.int64))


def _explain_truth(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    if got.dtype == torch.bool != expected.dtype and is_varied(expected) and torch.equal(got, expected != 0):
        clause = "it only says whether each value is 0: a comparison or a cast to bool turned it into a mask"
        yield Explanation(Mistake.TRUTH, clause)
    elif expected.dtype == torch.bool != got.dtype and is_varied(expected) and torch.equal(got != 0, expected):
        yield Explanation(Mistake.TRUTH, "it contains numbers instead of True and False: a comparison is missing")

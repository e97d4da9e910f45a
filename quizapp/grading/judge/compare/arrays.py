"""Whether two NumPy arrays agree: numbers as tensors do, the rest element for element."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from quizapp.grading.findings import Difference
from quizapp.grading.judge.compare.mismatch import SHOWN_PLACES, ComparisonOptions, Mismatch
from quizapp.grading.judge.compare.tensors import dense_mismatch

Array = np.ndarray[Any, np.dtype[Any]]


def array_mismatch(got: Array, expected: Array, rule: ComparisonOptions) -> Mismatch | None:
    """None where shape, dtype and values agree."""
    if got.shape != expected.shape:
        return Mismatch(f"shape {got.shape} instead of {expected.shape}", "shape")
    other_dtype = dtype_text(got) != dtype_text(expected) and "dtype" not in rule.ignore
    values = _values_mismatch(got, expected, rule)
    if not other_dtype:
        return values
    words = f"dtype {dtype_text(got)} instead of {dtype_text(expected)}"
    if values is None:
        return Mismatch(words, "dtype", 0, expected.size)
    return Mismatch(
        f"{words}; {values.summary}",
        "dtype",
        values.differing,
        values.total,
        values.places,
        values.largest_absolute,
        values.largest_relative,
        values.mask,
    )


def dtype_text(array: Array) -> str:
    """The dtype's name; the length of the longest text is no part of it."""
    return {"U": "str", "S": "bytes"}.get(array.dtype.kind, str(array.dtype))


def as_tensor(array: Array) -> torch.Tensor | None:
    """The same numbers as a tensor; None for what torch has no dtype for."""
    if array.dtype.kind not in "biufc" or array.dtype.itemsize > (16 if array.dtype.kind == "c" else 8):
        return None
    native = array.astype(array.dtype.newbyteorder("="), copy=False)
    return torch.from_numpy(np.array(native, order="C"))


def _values_mismatch(got: Array, expected: Array, rule: ComparisonOptions) -> Mismatch | None:
    mine, theirs = as_tensor(got), as_tensor(expected)
    if mine is not None and theirs is not None:
        tolerance = rule.tolerance(str(got.dtype), str(expected.dtype))
        return dense_mismatch(mine, theirs, tolerance, ordered="order" not in rule.ignore)
    differs = ~_equal(got, expected, rule)
    count = int(np.count_nonzero(differs))
    if not count:
        return None
    places = tuple(
        Difference(tuple(int(i) for i in index), str(expected[tuple(index)])[:200], str(got[tuple(index)])[:200])
        for index in np.argwhere(differs)[:SHOWN_PLACES]
    )
    words = f"{count} of {expected.size} elements differ" if expected.ndim else "the value differs"
    return Mismatch(words, "value", count, expected.size, places)


def _equal(got: Array, expected: Array, rule: ComparisonOptions) -> Array:
    """Element for element, NaN and NaT equal to themselves; numbers of more than 64 bits are close."""
    try:
        if got.dtype.kind in "fc" and expected.dtype.kind in "fc":
            rtol, atol = rule.tolerance("float64")
            return np.asarray(np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True))
        same = np.asarray(got == expected)
        both_missing = np.asarray((got != got) & (expected != expected))
    except (TypeError, ValueError):
        return np.zeros(expected.shape, dtype=bool)
    if same.shape != expected.shape or same.dtype != bool:
        return np.zeros(expected.shape, dtype=bool)
    return np.asarray(same | both_missing)

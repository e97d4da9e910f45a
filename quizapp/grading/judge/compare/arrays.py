"""Comparison of NumPy arrays: numbers like tensors, everything else element by element."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from quizapp.grading.judge.compare.mismatch import SHOWN_PLACES, ComparisonOptions
from quizapp.grading.judge.compare.tensors import dense_mismatch
from quizapp.grading.judge_protocol import Difference, Mismatch

Array = np.ndarray[Any, np.dtype[Any]]


def array_mismatch(got: Array, expected: Array, options: ComparisonOptions) -> Mismatch | None:
    """Return how shape, dtype or values differ; None if all agree."""
    if got.shape != expected.shape:
        return Mismatch(f"shape {got.shape} instead of {expected.shape}", "shape")
    values = _values_mismatch(got, expected, options)
    if dtype_text(got) == dtype_text(expected) or "dtype" in options.ignore:
        return values
    summary = f"dtype {dtype_text(got)} instead of {dtype_text(expected)}"
    if values is None:
        return Mismatch(summary, "dtype", 0, expected.size)
    return replace(values, summary=f"{summary}; {values.summary}", aspect="dtype")


def dtype_text(array: Array) -> str:
    """Return the dtype's name, of strings and bytes without their maximum length."""
    return {"U": "str", "S": "bytes"}.get(array.dtype.kind, str(array.dtype))


def as_tensor(array: Array) -> torch.Tensor | None:
    """Return the same numbers as a tensor; None if torch has no such dtype."""
    if array.dtype.kind not in "biufc" or array.dtype.itemsize > (16 if array.dtype.kind == "c" else 8):
        return None
    native = array.astype(array.dtype.newbyteorder("="), copy=False)
    return torch.from_numpy(np.array(native, order="C"))


def _values_mismatch(got: Array, expected: Array, options: ComparisonOptions) -> Mismatch | None:
    got_tensor, expected_tensor = as_tensor(got), as_tensor(expected)
    if got_tensor is not None and expected_tensor is not None:
        tolerance = options.tolerance(str(expected.dtype), str(got.dtype))
        return dense_mismatch(got_tensor, expected_tensor, tolerance, ordered="order" not in options.ignore)
    differs = ~_equal(got, expected, options)
    count = int(np.count_nonzero(differs))
    if not count:
        return None
    places = tuple(
        Difference(tuple(int(i) for i in index), str(expected[tuple(index)])[:200], str(got[tuple(index)])[:200])
        for index in np.argwhere(differs)[:SHOWN_PLACES]
    )
    summary = f"{count} of {expected.size} elements differ" if expected.ndim else "the value differs"
    return Mismatch(summary, "value", count, expected.size, places)


def _equal(got: Array, expected: Array, options: ComparisonOptions) -> Array:
    """Return a mask of equal elements: NaN and NaT equal themselves, and floats above 64 bits have a tolerance."""
    try:
        if got.dtype.kind in "fc" and expected.dtype.kind in "fc":
            rtol, atol = options.tolerance("float64")
            return np.asarray(np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True))
        same = np.asarray(got == expected)
        both_missing = np.asarray((got != got) & (expected != expected))
    except (TypeError, ValueError):
        return np.zeros(expected.shape, dtype=bool)
    if same.shape != expected.shape or same.dtype != bool:
        return np.zeros(expected.shape, dtype=bool)
    return np.asarray(same | both_missing)

"""The right values in the wrong type, dtype or device: a list where a tensor is expected, float64 for float32."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.judge.compare.arrays import as_tensor
from quizapp.grading.judge.compare.compare import compare, device_of, items
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.compare.plain_scalars import NUMBERS, describe_type
from quizapp.grading.judge.compare.tensors import DENSE_LIMIT, dtype_name
from quizapp.grading.judge.diagnosis.evidence import Explanation, is_close
from quizapp.sandbox.values.model import Value

NUMERIC = NUMBERS | {"list", "tuple", "tensor", "array", "size"}
"""Kinds of values that can contain numbers."""

MOST_NUMBERS = 100_000
"""Numbers of nested lists that are read as a tensor."""

CONVERSIONS = {
    ("tensor", "int"): "use `.item()`",
    ("tensor", "float"): "use `.item()`",
    ("tensor", "bool"): "use `.item()`",
    ("tensor", "list"): "use `.tolist()`",
    ("tensor", "array"): "use `.numpy()`",
    ("array", "tensor"): "use `torch.from_numpy`",
    ("list", "tensor"): "use `torch.tensor` or `torch.stack`",
    ("tuple", "tensor"): "use `torch.tensor` or `torch.stack`",
    ("int", "tensor"): "use `torch.tensor`",
    ("float", "tensor"): "use `torch.tensor`",
    ("bool", "tensor"): "use `torch.tensor`",
    ("list", "tuple"): "use `tuple`",
    ("tuple", "list"): "use `list`",
}


def explain(got: Value, expected: Value) -> Iterator[Explanation]:
    """Explain two values of different kinds."""
    if got.kind == "none":
        yield Explanation("none", "it is None: a `return` is missing, or a method was used that returns nothing")
    elif got.kind == "named":
        yield Explanation("not-called", "it is a function or a class that was not called: add the parentheses")
    elif got.kind in NUMERIC and expected.kind in NUMERIC:
        clause = f"{describe_type(got)} instead of {describe_type(expected)}"
        if not _have_same_numbers(got, expected):
            yield Explanation("kind", f"it is {clause}")
            return
        conversion = CONVERSIONS.get((got.kind, expected.kind))
        yield Explanation("kind", f"the values are right, but it is {clause}{f': {conversion}' if conversion else ''}")


def explain_device_or_dtype(got: Value, expected: Value, options: ComparisonOptions) -> Iterator[Explanation]:
    """Explain a tensor whose values are right, but not its device or not its dtype."""
    if got.kind != "tensor":
        return
    got_dtype, expected_dtype = dtype_name(got.data), dtype_name(expected.data)
    got_device = device_of(got)
    if got_device != device_of(expected) and _agree_without("device", got, expected, options):
        yield Explanation("device", f"the values are right, but the device is {got_device}")
    elif got_dtype != expected_dtype and _agree_without("dtype", got, expected, options):
        yield Explanation("dtype", f"the values are right, but the dtype is {got_dtype}: cast it to {expected_dtype}")


def _agree_without(aspect: str, got: Value, expected: Value, options: ComparisonOptions) -> bool:
    return compare(got, expected, replace(options, ignore=options.ignore | {aspect})) is None


def _have_same_numbers(got: Value, expected: Value) -> bool:
    got_numbers, expected_numbers = as_numbers(got), as_numbers(expected)
    if got_numbers is None or expected_numbers is None or got_numbers.shape != expected_numbers.shape:
        return False
    return is_close(got_numbers, expected_numbers)


def as_numbers(value: Value) -> Tensor | None:
    """Return the numbers of a value as a dense tensor, or None if it contains anything else."""
    if value.kind == "tensor":
        return as_dense(value.data)
    if value.kind == "array":
        return as_tensor(value.data) if value.data.dtype.kind != "O" else None
    if value.kind not in NUMERIC:
        return None
    try:
        if len(_leaf_kinds(value)) > 1:
            return None
        return torch.from_numpy(np.array(_nested(value, [MOST_NUMBERS])))
    except (ValueError, TypeError, OverflowError):
        return None


def as_dense(tensor: Tensor) -> Tensor | None:
    """Return the values of a tensor of any layout, or None if it has none, or too many."""
    if tensor.is_nested or tensor.is_meta or tensor.numel() > DENSE_LIMIT:
        return None
    if tensor.is_quantized:
        return tensor.dequantize()
    return tensor if tensor.layout is torch.strided else tensor.to_dense()


def _leaf_kinds(value: Value) -> set[str]:
    """Return the kinds of the innermost items; int and float count as one kind, unlike bool."""
    if value.kind in ("list", "tuple"):
        return set().union(*(_leaf_kinds(item) for item in value.data))
    return {"number" if value.kind in ("int", "float") else value.kind}


def _nested(value: Value, left: list[int]) -> Any:
    """Return nested lists of Python numbers; `left` is a counter. Raises ValueError for too many, or TypeError."""
    left[0] -= 1
    if left[0] < 0:
        raise ValueError("too many numbers")
    if value.kind in ("list", "tuple", "size"):
        return [_nested(item, left) for item in items(value)]
    if value.kind == "numpy" and value.data.dtype.kind in "biufc":
        return value.data.item()
    if value.kind in ("tensor", "array"):
        numbers = as_numbers(value)
        if numbers is None or numbers.numel() > left[0]:
            raise ValueError("too many numbers")
        left[0] -= numbers.numel()
        return numbers.tolist()
    if value.kind not in ("bool", "int", "float", "complex"):
        raise TypeError("not a number")
    return value.data

"""The right values in the wrong type, dtype or device: a list where a tensor is expected, float64 for float32."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.judge.compare.arrays import as_tensor, dtype_text
from quizapp.grading.judge.compare.compare import compare, device_of, items
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.compare.plain_scalars import NUMBERS, describe_type
from quizapp.grading.judge.compare.tensors import DENSE_LIMIT, dense_mismatch, dtype_name
from quizapp.grading.judge.diagnosis.evidence import Explanation, is_close
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.values.model import Value

NUMERIC = NUMBERS | {"list", "tuple", "tensor", "array", "size", "series", "frame"}
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
    ("series", "list"): "use `.tolist()`",
    ("series", "array"): "use `.to_numpy()`",
    ("frame", "array"): "use `.to_numpy()`",
    ("list", "series"): "use `pd.Series`",
    ("array", "series"): "use `pd.Series`",
    ("list", "array"): "use `np.array`",
    ("array", "list"): "use `.tolist()`",
}

TO_DENSE = {"nested": ".to_padded_tensor(0)", "quantised": ".dequantize()"} | dict.fromkeys(
    ("sparse_coo", "sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc"), ".to_dense()"
)
"""Layout of the answer -> the call that makes it dense."""

TO_LAYOUT = {
    "sparse_coo": ".to_sparse()",
    "sparse_csr": ".to_sparse_csr()",
    "sparse_csc": ".to_sparse_csc()",
}
"""Expected layout -> the call that gives it."""


def explain(got: Value, expected: Value, options: ComparisonOptions) -> Iterator[Explanation]:
    """Explain two values of different kinds."""
    if got.kind == "none":
        clause = "it is None: a `return` is missing, or a method was used that returns nothing"
        yield Explanation(Mistake.NOTHING_RETURNED, clause)
    elif got.kind == "named":
        yield Explanation(Mistake.NOT_CALLED, "it is a function or a class that was not called: add the parentheses")
    elif got.kind in NUMERIC and expected.kind in NUMERIC:
        clause = f"{describe_type(got)} instead of {describe_type(expected)}"
        if not _have_same_numbers(got, expected):
            yield Explanation(Mistake.KIND, f"it is {clause}")
            return
        conversion = CONVERSIONS.get((got.kind, expected.kind))
        clause = f"the values are right, but it is {clause}{f': {conversion}' if conversion else ''}"
        yield Explanation(Mistake.KIND, clause)


def explain_aspect(got: Value, expected: Value, options: ComparisonOptions) -> Iterator[Explanation]:
    """Explain a tensor or an array whose values are right, but not its layout, its device or its dtype."""
    if got.kind == expected.kind == "tensor":
        yield from _explain_layout(got, expected, options)
        got_device = device_of(got)
        if got_device != device_of(expected) and _agree_without("device", got, expected, options):
            yield Explanation(Mistake.DEVICE, f"the values are right, but the device is {got_device}")
    if got.kind in ("tensor", "array"):
        dtypes = [_dtype(value) for value in (got, expected)]
        if dtypes[0] != dtypes[1] and _agree_without("dtype", got, expected, options):
            clause = f"the values are right, but the dtype is {dtypes[0]}: cast it to {dtypes[1]}"
            yield Explanation(Mistake.DTYPE, clause)


def _explain_layout(got: Value, expected: Value, options: ComparisonOptions) -> Iterator[Explanation]:
    """Explain a sparse, nested or quantised tensor of the right values, and one that has none."""
    if got.data.is_meta and not expected.data.is_meta:
        yield Explanation(Mistake.DEVICE, "it is on the device meta, which stores no values")
        return
    layouts = [_layout(value) for value in (got, expected)]
    if layouts[0] == layouts[1]:
        return
    values = [_as_padded(value.data) for value in (got, expected)]
    if values[0] is None or values[1] is None or values[0].shape != values[1].shape:
        return
    tolerance = options.tolerance(_dtype(expected), _dtype(got))
    if dense_mismatch(values[0], values[1], tolerance) is None:
        hint = TO_DENSE[layouts[0]] if layouts[1] == "strided" and layouts[0] in TO_DENSE else TO_LAYOUT.get(layouts[1])
        clause = f"the values are right, but the layout is {layouts[0]}{f': call `{hint}`' if hint else ''}"
        yield Explanation(Mistake.LAYOUT, clause)


def describe_other_layout(got: Value, expected: Value) -> str:
    """Return a remark on a layout that is wrong too, or an empty text."""
    if not got.kind == expected.kind == "tensor" or _layout(got) == _layout(expected):
        return ""
    return f"its layout {_layout(got)} is also wrong"


def describe_other_dtype(got: Value, expected: Value) -> str:
    """Return a remark on a dtype that is wrong too, or an empty text."""
    if not got.kind == expected.kind == "tensor" or _dtype(got) == _dtype(expected):
        return ""
    return f"its dtype {_dtype(got)} is also wrong"


def _layout(value: Value) -> str:
    """Return `strided`, `sparse_coo` …, `nested` or `quantised`: how the tensor was stored in its run."""
    if value.data.is_nested or value.data.is_quantized:
        return "nested" if value.data.is_nested else "quantised"
    return dict(value.meta).get("layout", str(value.data.layout)).removeprefix("torch.")


def _as_padded(tensor: Tensor) -> Tensor | None:
    """Return the values as a dense tensor, those of a nested tensor padded with zeros; None if that is not possible."""
    if not tensor.is_nested:
        return as_dense(tensor)
    try:
        return tensor.to_padded_tensor(0.0)
    except RuntimeError:
        return None


def _dtype(value: Value) -> str:
    return dtype_name(value.data) if value.kind == "tensor" else dtype_text(value.data)


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
    if value.kind == "series":
        return as_numbers(value.data[0])
    if value.kind == "frame":
        return _columns_as_numbers(value.data[2])
    if value.kind not in NUMERIC:
        return None
    try:
        if len(_leaf_kinds(value)) > 1:
            return None
        return torch.from_numpy(np.array(_nested(value, [MOST_NUMBERS])))
    except (ValueError, TypeError, OverflowError):
        return None


def _columns_as_numbers(columns: Sequence[Value]) -> Tensor | None:
    """Return (rows, columns), as float64 if the dtypes differ; None if a column is not numeric."""
    numbers = [column_numbers for column in columns if (column_numbers := as_numbers(column)) is not None]
    if not numbers or len(numbers) < len(columns) or any(column.dtype == torch.bool for column in numbers):
        return None
    dtypes = {column.dtype for column in numbers}
    return torch.stack([column if len(dtypes) == 1 else column.to(torch.float64) for column in numbers], 1)


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

"""A list, number, array or tensor where another was asked: right values in the wrong kind of thing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.judge.compare.arrays import as_tensor
from quizapp.grading.judge.compare.compare import items
from quizapp.grading.judge.compare.plain_scalars import NUMBERS, type_words
from quizapp.grading.judge.diagnosis.evidence import Explanation, close
from quizapp.sandbox.values.model import Value

HOLDERS = NUMBERS | {"list", "tuple", "tensor", "array", "size"}
"""Kinds that can hold numbers."""

MOST_NUMBERS = 100_000
"""Numbers of nested lists that are read as a tensor."""

CURES = {
    ("tensor", "int"): "`.item()` takes the number out",
    ("tensor", "float"): "`.item()` takes the number out",
    ("tensor", "bool"): "`.item()` takes the truth value out",
    ("tensor", "list"): "`.tolist()` makes a list of it",
    ("tensor", "array"): "`.numpy()` makes an array of it",
    ("array", "tensor"): "`torch.from_numpy` makes a tensor of it",
    ("list", "tensor"): "`torch.tensor` or `torch.stack` makes a tensor of it",
    ("tuple", "tensor"): "`torch.tensor` or `torch.stack` makes a tensor of it",
    ("int", "tensor"): "`torch.tensor` makes a tensor of it",
    ("float", "tensor"): "`torch.tensor` makes a tensor of it",
    ("bool", "tensor"): "`torch.tensor` makes a tensor of it",
    ("list", "tuple"): "`tuple` makes one of it",
    ("tuple", "list"): "`list` makes one of it",
}


def fits(got: Value, expected: Value) -> Iterator[Explanation]:
    """What can be said of two values of different kinds."""
    if got.kind == "none":
        yield Explanation("none", "it is None: a function without `return`, or a method that returns nothing")
    elif got.kind == "named":
        yield Explanation("not-called", "it is a function or a class itself: the parentheses of a call are missing")
    elif got.kind in HOLDERS and expected.kind in HOLDERS:
        words = f"{type_words(got)} stands where {type_words(expected)} was asked"
        if not _same_numbers(got, expected):
            yield Explanation("kind", words)
            return
        cure = CURES.get((got.kind, expected.kind))
        yield Explanation("kind", f"the values are right, but {words}{f': {cure}' if cure else ''}")


def _same_numbers(got: Value, expected: Value) -> bool:
    mine, theirs = as_numbers(got), as_numbers(expected)
    if mine is None or theirs is None or mine.shape != theirs.shape:
        return False
    return close(mine, theirs)


def as_numbers(value: Value) -> Tensor | None:
    """The numbers that a value holds, as a dense tensor; None where it holds anything else."""
    if value.kind == "tensor":
        return dense(value.data)
    if value.kind == "array":
        return as_tensor(value.data) if value.data.dtype.kind != "O" else None
    if value.kind not in HOLDERS:
        return None
    try:
        if len(_leaf_kinds(value)) > 1:
            return None
        return torch.from_numpy(np.array(_nested(value, [MOST_NUMBERS])))
    except (ValueError, TypeError, OverflowError):
        return None


def dense(tensor: Tensor) -> Tensor | None:
    """A tensor's values, dense; None where it has none, or too many."""
    if tensor.is_nested or tensor.is_meta or tensor.numel() > 1 << 24:
        return None
    if tensor.is_quantized:
        return tensor.dequantize()
    return tensor if tensor.layout is torch.strided else tensor.to_dense()


def _leaf_kinds(value: Value) -> set[str]:
    """The kinds of the innermost items; ints and floats are told apart from bools only."""
    if value.kind in ("list", "tuple"):
        return set().union(*(_leaf_kinds(item) for item in value.data))
    return {"number" if value.kind in ("int", "float") else value.kind}


def _nested(value: Value, left: list[int]) -> Any:
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
        raise TypeError("no number")
    return value.data

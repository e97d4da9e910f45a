"""Conversion of a typed prediction to a value of the expected kind, which is then compared like any other."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from quizapp.grading.cards.typed_literals import Typed, constant
from quizapp.grading.judge.compare.compare import items
from quizapp.grading.judge.compare.literals import DTYPES
from quizapp.sandbox.values.model import Value

DTYPE_ALIASES = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "cfloat": "complex64",
    "cdouble": "complex128",
    "chalf": "complex32",
}
"""Short names of torch dtypes: `torch.float` is `torch.float32`."""

NUMBERS = frozenset({"bool", "int", "float", "complex"})
SCALARS = NUMBERS | {"none", "bytes"}
SEQUENCE_CALLS = frozenset({"Size", "tuple", "list"})


def typed_value(typed: Typed, expected: Value) -> Value | None:
    """Return the prediction as a value of the kind of `expected`; None if that is not possible."""
    try:
        return _CONVERTERS.get(expected.kind, _as_typed)(typed, expected)
    except (LookupError, TypeError, ValueError, RuntimeError, OverflowError):
        return None


def _as_typed(typed: Typed, expected: Value) -> Value | None:
    """Return the prediction as a value of its own kind."""
    typed = constant(typed)
    if typed.form in SCALARS:
        return Value(typed.form, typed.data, f"builtins.{typed.form}")
    if typed.form == "text":
        return Value("str", typed.data, "builtins.str")
    if typed.form in ("list", "tuple", "set"):
        return Value(typed.form, tuple(filter(None, (_as_typed(item, expected) for item in typed.data))), typed.form)
    if typed.form == "call" and typed.data[0].rpartition(".")[2] == "tensor" and typed.data[1]:
        return Value("tensor", torch.tensor(_nested(typed.data[1][0])), "torch.Tensor")
    return None


def _text(typed: Typed, expected: Value) -> Value | None:
    """Convert text within a container: quotes around one name are optional."""
    return replace(expected, data=typed.data) if typed.form in ("text", "name") else _as_typed(typed, expected)


def _plain_number(typed: Typed, expected: Value) -> Value | None:
    """Convert a number, also as NumPy prints its own: `np.float64(1.5)`."""
    if typed.form == "call" and typed.data[0] in DTYPES and len(typed.data[1]) == 1:
        return Value("numpy", np.dtype(typed.data[0]).type(typed.data[1][0].data), f"numpy.{typed.data[0]}")
    return _as_typed(typed, expected)


def _number(typed: Typed, expected: Value) -> Value | None:
    """Convert a NumPy scalar, typed as `1.5` or as `np.float32(1.5)`."""
    inner = typed.data[1][0] if typed.form == "call" and len(typed.data[1]) == 1 else typed
    dtype = expected.data.dtype
    if typed.form == "call" and typed.data[0] not in (dtype.name, f"{dtype.name}_"):
        return None
    if inner.form not in NUMBERS or _kind_rank(inner) > "biufc".find(dtype.kind):
        return _as_typed(inner, expected)
    if (inner.form == "bool") != (dtype.kind == "b"):
        return _as_typed(inner, expected)
    return replace(expected, data=dtype.type(inner.data))


def _kind_rank(number: Typed) -> int:
    """Return the position of the kind in NumPy's `biufc`, in which each kind can contain the ones before."""
    return {"bool": 0, "int": 1, "float": 3, "complex": 4}[number.form]


def _dtype(typed: Typed, expected: Value) -> Value | None:
    if typed.form != "name":
        return _as_typed(typed, expected)
    return replace(expected, data=f"torch.{DTYPE_ALIASES.get(typed.data, typed.data)}")


def _device(typed: Typed, expected: Value) -> Value | None:
    if typed.form == "call" and typed.data[0] == "device":
        parts = [*typed.data[1], *(item for _, item in typed.keywords)]
        return replace(expected, data=":".join(str(part.data) for part in parts))
    return replace(expected, data=str(typed.data)) if typed.form in ("text", "name") else _as_typed(typed, expected)


def _sequence(typed: Typed, expected: Value) -> Value | None:
    """Convert a list or tuple, a shape in any notation, or a named tuple written as a call."""
    expected_items = items(expected)
    is_shape = expected.kind == "size" or (
        expected.kind == "tuple" and all(item.kind == "int" for item in expected_items)
    )
    # A strict comparison tells the list from the tuple, so that `3` is not `(3,)` there.
    is_size = is_shape and typed.form == "int" and len(expected_items) == 1
    calls = SEQUENCE_CALLS | {expected.type.rpartition(".")[2]}
    parts, form = ((typed,), "list") if is_size else _parts(typed, calls)
    if parts is None:
        return _as_typed(typed, expected)
    values = [typed_value(part, item) for part, item in zip(parts, expected_items, strict=False)]
    values += [_as_typed(part, expected) for part in parts[len(expected_items) :]]
    if None in values:
        return None
    is_notation = (is_shape and not is_size) or typed.bare or form == "call"
    kind = expected.kind if is_notation else form
    return Value("tuple" if kind == "size" else kind, tuple(values), expected.type)


def _parts(typed: Typed, calls: Container[str]) -> tuple[tuple[Typed, ...] | None, str]:
    """Return the typed items and their notation: `list`, `tuple`, or `call` of one of `calls`; else (None, "")."""
    if typed.form in ("list", "tuple"):
        return typed.data, typed.form
    if typed.form != "call" or typed.data[0].rpartition(".")[2] not in calls:
        return None, ""
    arguments = typed.data[1]
    if len(arguments) == 1 and arguments[0].form in ("list", "tuple", "set") and not typed.keywords:
        return arguments[0].data, "call"
    return (*arguments, *(item for _, item in typed.keywords)), "call"


def _set(typed: Typed, expected: Value) -> Value | None:
    parts, _ = _parts(typed, {expected.kind}) if typed.form == "call" else (None, "")
    if typed.form == expected.kind:
        parts = typed.data
    if parts is None:
        return _as_typed(typed, expected)
    return replace(expected, data=tuple(filter(None, (_as_typed(part, expected) for part in parts))))


def _dict(typed: Typed, expected: Value) -> Value | None:
    if typed.form == "call" and len(typed.data[1]) == 1:
        typed = typed.data[1][0]
    pairs = typed.data if typed.form in ("dict", "list") else None
    if typed.form == "call" and typed.data[0] in ("dict", "OrderedDict"):
        pairs = tuple((Typed("text", name), item) for name, item in typed.keywords)
    if pairs is None:
        return _as_typed(typed, expected)
    if typed.form == "list":
        pairs = [item.data for item in pairs]
    converted = []
    for typed_key, typed_item in pairs:
        key = _as_typed(typed_key, expected)
        expected_item = next((item for other, item in expected.data if key and other.data == key.data), None)
        item = typed_value(typed_item, expected_item) if expected_item else _as_typed(typed_item, expected)
        if key is None or item is None:
            return None
        converted.append((key, item))
    return replace(expected, data=tuple(converted))


def _tensor(typed: Typed, expected: Value) -> Value | None:
    """Convert a number, a nested list, or `tensor(…)`; unless a dtype is typed, to the expected dtype."""
    stated = None
    if typed.form == "call" and typed.data[0].rpartition(".")[2] in ("tensor", "array", "Parameter"):
        stated = next((item for name, item in typed.keywords if name == "dtype"), None)
        typed = typed.data[1][0]
        if typed.form == "call":
            return _tensor(typed, expected)
    data = _nested(typed)
    tensor = torch.tensor(data)
    if stated is not None:
        name = DTYPE_ALIASES.get(stated.data, stated.data)
        tensor = torch.tensor(data, dtype=DTYPES[name])
    elif _can_convert(tensor, expected):
        tensor = tensor.to(_torch_dtype(expected))
    if expected.kind == "array":
        return replace(expected, data=tensor.numpy())
    return replace(expected, data=tensor)


def _torch_dtype(expected: Value) -> torch.dtype:
    if expected.kind == "tensor":
        dtype: torch.dtype = expected.data.dtype
        return dtype
    return torch.from_numpy(np.zeros(1, expected.data.dtype)).dtype


def _can_convert(tensor: torch.Tensor, expected: Value) -> bool:
    """Return whether the expected dtype can represent the typed numbers: `1` may stand for 1.0, not 1.0 for 1."""
    dtype = _torch_dtype(expected)
    if tensor.numel() == 0:
        return True
    if (tensor.dtype == torch.bool) != (dtype == torch.bool):
        return False
    # An integer that is too large would wrap around.
    fits = dtype.is_floating_point or dtype.is_complex or torch.equal(tensor.to(dtype).to(tensor.dtype), tensor)
    return torch.can_cast(tensor.dtype, dtype) and fits


def _nested(typed: Typed) -> Any:
    if typed.form in ("list", "tuple"):
        return [_nested(item) for item in typed.data]
    typed = constant(typed)
    if typed.form not in NUMBERS:
        raise ValueError("not a number")
    return typed.data


def _span(typed: Typed, expected: Value) -> Value | None:
    """Convert `slice(…)` or `range(…)`."""
    if typed.form != "call" or typed.data[0] != expected.kind:
        return _as_typed(typed, expected)
    arguments = [part.data for part in typed.data[1]]
    if not 1 <= len(arguments) <= 3:
        return None
    span = (range if expected.kind == "range" else slice)(*arguments)
    parts: tuple[Any, ...] = (span.start, span.stop, span.step)
    if expected.kind == "slice":
        parts = tuple(_as_typed(Typed("none" if part is None else "int", part), expected) for part in parts)
    return replace(expected, data=parts)


def _name(typed: Typed, expected: Value) -> Value | None:
    """Convert the name of a class, function, module, enum member or exception, typed with or without its module."""
    name = typed.data[0] if typed.form == "call" else typed.data
    if typed.form not in ("call", "name", "text"):
        return _as_typed(typed, expected)
    name = name.removeprefix("<class '").removesuffix("'>")
    full_name = expected.data[0] if expected.kind == "exception" else expected.data
    if f".{full_name}".endswith(f".{name}"):
        name = full_name
    return replace(expected, data=(name, "") if expected.kind == "exception" else name)


_CONVERTERS = {
    "str": _text,
    "int": _plain_number,
    "float": _plain_number,
    "complex": _plain_number,
    "numpy": _number,
    "dtype": _dtype,
    "device": _device,
    "size": _sequence,
    "list": _sequence,
    "tuple": _sequence,
    "set": _set,
    "frozenset": _set,
    "dict": _dict,
    "tensor": _tensor,
    "array": _tensor,
    "slice": _span,
    "range": _span,
    "named": _name,
    "enum": _name,
    "exception": _name,
}

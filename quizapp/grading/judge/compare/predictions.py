"""Comparison of a prediction with the value, or the exception, that a run gave.

The parsed prediction is converted to a value of the expected kind, and the two are compared like any others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from quizapp.grading.cards.prediction import Prediction, Typed, without_trailing_blanks
from quizapp.grading.judge.compare.compare import compare, items
from quizapp.grading.judge.compare.literals import DTYPES
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge_protocol import Mismatch
from quizapp.sandbox.protocol import Raised
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


def exception_mismatch(prediction: Prediction, raised: Raised) -> Mismatch | None:
    """Return None if the class of `raised` was typed, alone or in front of a message; else a mismatch."""
    qualified = raised.bases[0] if raised.bases else raised.type
    typed = prediction.typed
    text = typed.data[0] if typed.form == "call" else str(typed.data) if typed.form == "name" else prediction.text
    # The last line of a traceback names the class.
    line = text.splitlines()[-1] if text else ""
    name = line.partition(":")[0].strip(" `'\"")
    # A class can be imported from a module that is not its `__module__`: `pickle.UnpicklingError`.
    agrees = bool(name) and (name.rpartition(".")[2] == raised.type or f".{qualified}".endswith(f".{name}"))
    if agrees:
        return None
    if name.rpartition(".")[2].casefold() == raised.type.casefold():
        return Mismatch("an exception is raised; the name of its class is case-sensitive", "type")
    named = name.rpartition(".")[2].endswith(("Error", "Exception", "Warning", "Exit", "Interrupt", "Iteration"))
    return Mismatch("an exception is raised" + (", but not of the class that you typed" if named else ""), "type")


def prediction_mismatch(prediction: Prediction, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    """Return how the prediction differs from `expected`; None if it agrees."""
    typed = prediction.typed
    if expected.kind == "str":
        return _text_mismatch(prediction, expected, options)
    got = typed_value(typed, expected)
    if got is None:
        return Mismatch("your prediction is not a value of this kind", "type")
    rounding = _largest_rounding(typed)
    if rounding:
        atol = max(rounding, options.tolerance("float64")[1] if options.atol is None else options.atol)
        return compare(got, expected, options) and compare(got, expected, replace(options, atol=atol))
    return compare(got, expected, options)


def _text_mismatch(prediction: Prediction, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    """Compare text, which may be typed with or without quotes."""
    expected = replace(expected, data=without_trailing_blanks(expected.data))
    mismatch = compare(replace(expected, data=prediction.text), expected, options)
    if mismatch is None or prediction.typed.form != "text":
        return mismatch
    return compare(replace(expected, data=without_trailing_blanks(prediction.typed.data)), expected, options)


def _largest_rounding(typed: Typed) -> float:
    """Return the largest rounding of the typed floats."""
    if typed.form in ("list", "tuple", "set"):
        return max(map(_largest_rounding, typed.data), default=0.0)
    if typed.form == "dict":
        return max((_largest_rounding(item) for _, item in typed.data), default=0.0)
    if typed.form == "call":
        arguments = (*typed.data[1], *(item for _, item in typed.keywords))
        return max(map(_largest_rounding, arguments), default=0.0)
    return typed.rounding


def typed_value(typed: Typed, expected: Value) -> Value | None:
    """Return the prediction as a value of the kind of `expected`; None if that is not possible."""
    try:
        return _CONVERTERS.get(expected.kind, _as_typed)(typed, expected)
    except (LookupError, TypeError, ValueError, RuntimeError, OverflowError):
        return None


def _as_typed(typed: Typed, expected: Value) -> Value | None:
    """Return the prediction as a value of its own kind."""
    if typed.form in SCALARS:
        return Value(typed.form, typed.data, f"builtins.{typed.form}")
    if typed.form == "text":
        return Value("str", typed.data, "builtins.str")
    if typed.form in ("list", "tuple", "set"):
        return Value(typed.form, tuple(filter(None, (_as_typed(item, expected) for item in typed.data))), typed.form)
    if typed.form == "call" and typed.data[0].rpartition(".")[2] == "tensor" and typed.data[1]:
        return Value("tensor", torch.tensor(_nested(typed.data[1][0])), "torch.Tensor")
    return None


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
    parts, form = _parts(typed)
    if parts is None:
        return _as_typed(typed, expected)
    expected_items = items(expected)
    is_shape = expected.kind == "size" or (
        expected.kind == "tuple" and all(item.kind == "int" for item in expected_items)
    )
    is_allowed = form == expected.kind or is_shape or typed.bare or (form == "call" and expected.kind == "tuple")
    if not is_allowed:
        return _as_typed(typed, expected)
    values = [typed_value(part, item) for part, item in zip(parts, expected_items, strict=False)]
    values += [_as_typed(part, expected) for part in parts[len(expected_items) :]]
    if None in values:
        return None
    return Value("tuple" if expected.kind == "size" else expected.kind, tuple(values), expected.type)


def _parts(typed: Typed) -> tuple[tuple[Typed, ...] | None, str]:
    """Return the typed items and their notation: `list`, `tuple`, `set` or `call`; (None, "") if there are none."""
    if typed.form in ("list", "tuple", "set"):
        return typed.data, typed.form
    if typed.form != "call":
        return None, ""
    arguments = typed.data[1]
    if len(arguments) == 1 and arguments[0].form in ("list", "tuple", "set") and not typed.keywords:
        return arguments[0].data, "call"
    return (*arguments, *(item for _, item in typed.keywords)), "call"


def _set(typed: Typed, expected: Value) -> Value | None:
    parts, form = _parts(typed)
    is_set = form == "set" if expected.kind == "set" else form == "call" and typed.data[0] == "frozenset"
    if parts is None or not is_set:
        return _as_typed(typed, expected)
    return replace(expected, data=tuple(filter(None, (_as_typed(part, expected) for part in parts))))


def _dict(typed: Typed, expected: Value) -> Value | None:
    if typed.form == "call" and len(typed.data[1]) == 1:
        typed = typed.data[1][0]
    pairs = typed.data if typed.form in ("dict", "list") else None
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
    full_name = expected.data[0] if expected.kind == "exception" else expected.data
    if f".{full_name}".endswith(f".{name}"):
        name = full_name
    return replace(expected, data=(name, "") if expected.kind == "exception" else name)


_CONVERTERS = {
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

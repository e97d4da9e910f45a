"""Whether what a learner typed says the value, or the exception, that came out.

The typed tree is read as a value of the expected one's kind; then the two are compared like any others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from quizapp.grading.cards.prediction import Prediction, Typed, without_trailing_blanks
from quizapp.grading.judge.compare.compare import compare, items
from quizapp.grading.judge.compare.literals import DTYPES
from quizapp.grading.judge.compare.mismatch import ComparisonOptions, Mismatch
from quizapp.sandbox.protocol import Raised
from quizapp.sandbox.values.model import Value

ALIASES = {
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
NUMBERS = frozenset({"bool", "int", "float", "complex"})
SCALARS = NUMBERS | {"none", "bytes"}


def exception_mismatch(prediction: Prediction, raised: Raised) -> Mismatch | None:
    """None where the class of `raised` was typed, alone or in front of a message."""
    qualified = raised.bases[0] if raised.bases else raised.type
    typed = prediction.typed
    said = typed.data[0] if typed.form == "call" else str(typed.data) if typed.form == "name" else prediction.text
    # A whole traceback ends with the line that names the class.
    line = said.splitlines()[-1] if said else ""
    name = line.partition(":")[0].strip(" `'\"")
    # The module that people import a class from need not be the one that it names as its own.
    agrees = bool(name) and (name.rpartition(".")[2] == raised.type or f".{qualified}".endswith(f".{name}"))
    if agrees:
        return None
    if name.rpartition(".")[2].casefold() == raised.type.casefold():
        return Mismatch("an exception is raised; in the name of its class, capitals count", "type")
    named = name.rpartition(".")[2].endswith(("Error", "Exception", "Warning", "Exit", "Interrupt", "Iteration"))
    return Mismatch("an exception is raised" + (", and it is of another class than you typed" if named else ""), "type")


def prediction_mismatch(prediction: Prediction, expected: Value, rule: ComparisonOptions) -> Mismatch | None:
    """None where the prediction says `expected`."""
    typed = prediction.typed
    if expected.kind == "str":
        return _text_mismatch(prediction, expected, rule)
    got = typed_value(typed, expected)
    if got is None:
        return Mismatch("that cannot be read as a value of this kind", "type")
    grain = _grain(typed)
    if grain:
        atol = max(grain, rule.tolerance("float64")[1] if rule.atol is None else rule.atol)
        return compare(got, expected, rule) and compare(got, expected, replace(rule, atol=atol))
    return compare(got, expected, rule)


def _text_mismatch(prediction: Prediction, expected: Value, rule: ComparisonOptions) -> Mismatch | None:
    wanted = replace(expected, data=without_trailing_blanks(expected.data))
    bare = replace(expected, data=prediction.text)
    if prediction.typed.form != "text" or compare(bare, wanted, rule) is None:
        return compare(bare, wanted, rule)
    return compare(replace(expected, data=without_trailing_blanks(prediction.typed.data)), wanted, rule)


def _grain(typed: Typed) -> float:
    """The coarsest rounding among the typed floats."""
    if typed.form in ("list", "tuple", "set"):
        return max(map(_grain, typed.data), default=0.0)
    if typed.form == "dict":
        return max((_grain(item) for _, item in typed.data), default=0.0)
    if typed.form == "call":
        return max(map(_grain, (*typed.data[1], *(item for _, item in typed.keywords))), default=0.0)
    return typed.grain


def typed_value(typed: Typed, expected: Value) -> Value | None:
    """What was typed, read as a value like `expected`; None where it cannot be."""
    try:
        return _READERS.get(expected.kind, _own)(typed, expected)
    except (LookupError, TypeError, ValueError, RuntimeError, OverflowError):
        return None


def _own(typed: Typed, expected: Value) -> Value | None:
    """What was typed, taken for what it is by itself."""
    if typed.form in SCALARS:
        return Value(typed.form, typed.data, f"builtins.{typed.form}")
    if typed.form == "text":
        return Value("str", typed.data, "builtins.str")
    if typed.form in ("list", "tuple", "set"):
        anything = Value("none", None, "")
        return Value(typed.form, tuple(filter(None, (_own(item, anything) for item in typed.data))), typed.form)
    if typed.form == "call" and typed.data[0].rpartition(".")[2] == "tensor" and typed.data[1]:
        return Value("tensor", torch.tensor(_nested(typed.data[1][0])), "torch.Tensor")
    return None


def _number(typed: Typed, expected: Value) -> Value | None:
    """A NumPy scalar, typed bare or as `np.float32(1.5)`."""
    inner = typed.data[1][0] if typed.form == "call" and len(typed.data[1]) == 1 else typed
    dtype = expected.data.dtype
    if typed.form == "call" and typed.data[0] not in (dtype.name, f"{dtype.name}_"):
        return None
    if inner.form not in NUMBERS or _kind_rank(inner) > "biufc".find(dtype.kind):
        return _own(inner, expected)
    if (inner.form == "bool") != (dtype.kind == "b"):
        return _own(inner, expected)
    return replace(expected, data=dtype.type(inner.data))


def _kind_rank(number: Typed) -> int:
    return {"bool": 0, "int": 1, "float": 3, "complex": 4}[number.form]


def _dtype(typed: Typed, expected: Value) -> Value | None:
    if typed.form != "name":
        return _own(typed, expected)
    return replace(expected, data=f"torch.{ALIASES.get(typed.data, typed.data)}")


def _device(typed: Typed, expected: Value) -> Value | None:
    if typed.form == "call" and typed.data[0] == "device":
        parts = [*typed.data[1], *(item for _, item in typed.keywords)]
        return replace(expected, data=":".join(str(part.data) for part in parts))
    return replace(expected, data=str(typed.data)) if typed.form in ("text", "name") else _own(typed, expected)


def _sequence(typed: Typed, expected: Value) -> Value | None:
    """A list or tuple; a shape in any of its spellings; a named tuple written as a call."""
    parts, form = _parts(typed)
    if parts is None:
        return _own(typed, expected)
    wanted = items(expected)
    is_shape = expected.kind == "size" or (expected.kind == "tuple" and all(item.kind == "int" for item in wanted))
    spelt = form == expected.kind or is_shape or typed.bare or (form == "call" and expected.kind == "tuple")
    if not spelt:
        return _own(typed, expected)
    values = [typed_value(part, other) for part, other in zip(parts, wanted, strict=False)]
    values += [_own(part, expected) for part in parts[len(wanted) :]]
    if None in values:
        return None
    return Value("tuple" if expected.kind == "size" else expected.kind, tuple(values), expected.type)


def _parts(typed: Typed) -> tuple[tuple[Typed, ...] | None, str]:
    """The items of what was typed, and how they were written: `list`, `tuple`, `set` or `call`."""
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
    fits = form == "set" if expected.kind == "set" else form == "call" and typed.data[0] == "frozenset"
    if parts is None or not fits:
        return _own(typed, expected)
    return replace(expected, data=tuple(filter(None, (_own(part, expected) for part in parts))))


def _dict(typed: Typed, expected: Value) -> Value | None:
    if typed.form == "call" and len(typed.data[1]) == 1:
        typed = typed.data[1][0]
    pairs = typed.data if typed.form in ("dict", "list") else None
    if pairs is None:
        return _own(typed, expected)
    if typed.form == "list":
        pairs = [item.data for item in pairs]
    found = []
    for key, item in pairs:
        name = _own(key, expected)
        other = next((value for known, value in expected.data if name and known.data == name.data), None)
        value = typed_value(item, other) if other else _own(item, expected)
        if name is None or value is None:
            return None
        found.append((name, value))
    return replace(expected, data=tuple(found))


def _tensor(typed: Typed, expected: Value) -> Value | None:
    """A number, a nested list, or `tensor(…)`; without a dtype of its own it takes the expected one's."""
    stated = None
    if typed.form == "call" and typed.data[0].rpartition(".")[2] in ("tensor", "array", "Parameter"):
        stated = next((item for name, item in typed.keywords if name == "dtype"), None)
        typed = typed.data[1][0]
        if typed.form == "call":
            return _tensor(typed, expected)
    data = _nested(typed)
    tensor = torch.tensor(data)
    if stated is not None:
        name = ALIASES.get(stated.data, stated.data)
        tensor = torch.tensor(data, dtype=DTYPES[name])
    elif _widens(tensor, expected):
        tensor = tensor.to(_torch_dtype(expected))
    if expected.kind == "array":
        return replace(expected, data=tensor.numpy())
    return replace(expected, data=tensor)


def _torch_dtype(expected: Value) -> torch.dtype:
    if expected.kind == "tensor":
        dtype: torch.dtype = expected.data.dtype
        return dtype
    return torch.from_numpy(np.zeros(1, expected.data.dtype)).dtype


def _widens(tensor: torch.Tensor, expected: Value) -> bool:
    """Whether the literals say no more than the expected dtype holds: `1` may stand for 1.0, not 1.0 for 1."""
    wanted = _torch_dtype(expected)
    if tensor.numel() == 0:
        return True
    if (tensor.dtype == torch.bool) != (wanted == torch.bool):
        return False
    # A number that does not fit would wrap round to one that does.
    fits = wanted.is_floating_point or wanted.is_complex or torch.equal(tensor.to(wanted).to(tensor.dtype), tensor)
    return torch.can_cast(tensor.dtype, wanted) and fits


def _nested(typed: Typed) -> Any:
    if typed.form in ("list", "tuple"):
        return [_nested(item) for item in typed.data]
    if typed.form not in NUMBERS:
        raise ValueError("no number")
    return typed.data


def _span(typed: Typed, expected: Value) -> Value | None:
    """`slice(…)` or `range(…)`."""
    if typed.form != "call" or typed.data[0] != expected.kind:
        return _own(typed, expected)
    arguments = [part.data for part in typed.data[1]]
    if not 1 <= len(arguments) <= 3:
        return None
    span = (range if expected.kind == "range" else slice)(*arguments)
    parts: tuple[Any, ...] = (span.start, span.stop, span.step)
    if expected.kind == "slice":
        parts = tuple(_own(Typed("none" if part is None else "int", part), expected) for part in parts)
    return replace(expected, data=parts)


def _name(typed: Typed, expected: Value) -> Value | None:
    """A class, function, module, enum member or exception, by its last names."""
    said = typed.data[0] if typed.form == "call" else typed.data
    if typed.form not in ("call", "name", "text"):
        return _own(typed, expected)
    full = expected.data[0] if expected.kind == "exception" else expected.data
    found = full if f".{full}".endswith(f".{said}") else said
    return replace(expected, data=(found, "") if expected.kind == "exception" else found)


_READERS = {
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

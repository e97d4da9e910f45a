"""Comparison of scalars: numbers, text, names.

Plain numbers agree by value, whether they are int, float or NumPy scalars. `True` is not a number.
"""

from __future__ import annotations

import cmath
import re
from dataclasses import replace
from typing import Any

import numpy as np

from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.compare.tensors import distinct_texts
from quizapp.grading.judge.compare.text_differences import describe_difference, diff_lines
from quizapp.grading.judge_protocol import Difference, Mismatch
from quizapp.sandbox.values.model import Value

NUMBERS = frozenset({"bool", "int", "float", "complex", "numpy"})
INTEGER_SLACK = 1e-3
"""Largest absolute difference between an expected integer and a float: adjacent integers never agree."""

TYPE_NAMES = {
    "none": "None",
    "int": "an int",
    "size": "a torch.Size",
    "array": "an array",
    "masked": "a masked array",
    "index": "an Index",
    "frame": "a DataFrame",
    "series": "a Series",
    "enum": "an enum member",
    "named": "a class, function or module",
    "exception": "an exception",
}


def describe_type(value: Value) -> str:
    """Return the type of a value with its article, as learners call it."""
    if value.kind == "numpy":
        return f"a NumPy {value.data.dtype}"
    return TYPE_NAMES.get(value.kind, f"a {value.kind}")


def scalar_mismatch(got: Value, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    """Return how two values that are neither containers nor arrays differ; None if they agree."""
    if not _have_same_type(got, expected, options):
        return Mismatch(f"{describe_type(got)} instead of {describe_type(expected)}", "type")
    if got.kind in NUMBERS:
        return _number_mismatch(got, expected, options)
    # Only the expected value decides: a value of the answer must not loosen its own comparison.
    if got.kind == "str" and "printed" in dict(expected.meta):
        got, expected = replace(got, data=as_printed(got.data)), replace(expected, data=as_printed(expected.data))
    if _equal(got, expected):
        return None
    mismatch = _value_mismatch(_summary(got, expected), *(_shown(side) for side in (expected, got)))
    return _describe(mismatch, got.data, expected.data) if got.kind == "str" and options.describes else mismatch


def _describe(mismatch: Mismatch, got: str, expected: str) -> Mismatch:
    """Return the mismatch of two texts with the characters and lines that differ."""
    (place,) = mismatch.places
    note = describe_difference(got, expected)
    return replace(mismatch, places=(replace(place, note=note),), diff=diff_lines(got, expected))


def as_printed(text: str) -> str:
    """Return printed text for comparison: without trailing blanks, and with memory addresses replaced."""
    lines = "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")
    return re.sub(r"\b0x[0-9a-fA-F]+", "0x…", lines)


def _equal(got: Value, expected: Value) -> bool:
    if got.kind == "exception":
        return expected.data[0] in (got.data[0], *dict(got.meta).get("bases", "").split())
    if got.kind == "device":
        return _with_index(got.data) == _with_index(expected.data)
    return bool(_plain(got) == _plain(expected))


def _with_index(device: str) -> str:
    """Return a device with its index; without one, it means the current device, which is the first in a run."""
    return device if ":" in device or device in ("cpu", "meta") else f"{device}:0"


def _have_same_type(got: Value, expected: Value, options: ComparisonOptions) -> bool:
    if got.kind not in NUMBERS or expected.kind not in NUMBERS:
        return got.kind == expected.kind
    if "type" in options.ignore:
        return True
    return number_type(got, options) == number_type(expected, options)


def number_type(value: Value, options: ComparisonOptions) -> str:
    """Return a text that is the same for numbers of types that agree: the exact type only if `options` are strict."""
    if options.strict:
        return f"numpy {value.data.dtype}" if value.kind == "numpy" else value.kind
    if value.kind != "numpy":
        return value.kind if value.kind in ("bool", "complex") else "number"
    dtype = value.data.dtype
    return {"b": "bool", "c": "complex"}.get(dtype.kind, "number" if dtype.kind in "iuf" else str(dtype))


def _number_mismatch(got: Value, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    got_number, expected_number = python_number(got), python_number(expected)
    if _is_close(got_number, expected_number, *_tolerance(got_number, expected_number, expected, options)):
        return None
    if number_type(got, options) == number_type(expected, options) == "bool":
        return _value_mismatch("a different bool", str(expected_number), str(got_number))
    absolute, relative = _differences(got_number, expected_number)
    summary = "a different number"
    mismatch = _value_mismatch(summary, *distinct_texts(expected_number, got_number))
    return replace(mismatch, largest_absolute=absolute, largest_relative=relative)


def _tolerance(
    got_number: Any, expected_number: Any, expected: Value, options: ComparisonOptions
) -> tuple[float, float]:
    """Return (rtol, atol) for two numbers; the answer's type does not count."""
    if not isinstance(expected_number, int) or isinstance(got_number, int):
        return options.tolerance(_dtype(expected))
    rtol, atol = options.tolerance("float")
    if options.rtol is None and options.atol is None:
        atol = min(atol + rtol * abs(expected_number), INTEGER_SLACK)
        rtol = 0.0
    return rtol, atol


def _value_mismatch(summary: str, expected: str, got: str) -> Mismatch:
    return Mismatch(summary, "value", 1, 1, (Difference((), expected, got),))


def python_number(value: Value) -> Any:
    """Return a NumPy scalar as a Python number; dates and long doubles, which have no counterpart, unchanged."""
    data = value.data
    if isinstance(data, np.longdouble | np.clongdouble | np.datetime64 | np.timedelta64):
        return data
    return data.item() if isinstance(data, np.generic) else data


def _dtype(value: Value) -> str:
    """Return the dtype whose tolerance applies; 64-bit NumPy scalars are plain numbers, too."""
    if value.kind != "numpy":
        return value.kind
    return {"float64": "float", "complex128": "complex"}.get(str(value.data.dtype), str(value.data.dtype))


def _is_close(got: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Return whether `|got - expected| <= atol + rtol * |expected|`, the rule of `torch.testing.assert_close`.

    NaN is close to NaN, and numbers that are not floats must be equal.
    """
    if got == expected:
        return True
    if isinstance(got, np.datetime64 | np.timedelta64):
        return bool(np.isnat(got) and np.isnat(expected))
    if isinstance(got, int | str | bytes) and isinstance(expected, int | str | bytes):
        return False
    try:
        if cmath.isfinite(got) and cmath.isfinite(expected):
            return bool(abs(got - expected) <= atol + rtol * abs(expected))
        return all(_is_same_special(getattr(got, part), getattr(expected, part)) for part in ("real", "imag"))
    except OverflowError:
        return False


def _is_same_special(got: float, expected: float) -> bool:
    return got == expected or (got != got and expected != expected)


def _differences(got: Any, expected: Any) -> tuple[float | None, float | None]:
    """Return the absolute and the relative difference, each None if it is not defined or NaN."""
    try:
        absolute = float(abs(got - expected))
        relative = absolute / float(abs(expected)) if expected else None
    except (OverflowError, TypeError, ValueError):
        return None, None
    return (absolute, relative) if absolute == absolute else (None, None)


def _plain(value: Value) -> Any:
    """Return the data that is compared for equality."""
    if value.kind == "range":
        return range(*value.data)
    if value.kind == "slice":
        return tuple(part.data for part in value.data)
    return value.data[0] if value.kind == "exception" else value.data


def _summary(got: Value, expected: Value) -> str:
    if got.kind == "str":
        return _text_summary(got.data, expected.data)
    if got.kind == "exception":
        return f"{got.data[0].rpartition('.')[2]} is a different exception"
    return f"a different {TYPE_NAMES.get(got.kind, got.kind).removeprefix('an ').removeprefix('a ')}"


def _text_summary(got: str, expected: str) -> str:
    got_lines, expected_lines = got.splitlines(), expected.splitlines()
    if len(got_lines) != len(expected_lines) and max(len(got_lines), len(expected_lines)) > 1:
        return f"{len(got_lines)} lines of text instead of {len(expected_lines)}"
    pairs = enumerate(zip(got_lines, expected_lines, strict=False), 1)
    line = next((number for number, (got_line, expected_line) in pairs if got_line != expected_line), None)
    return f"the text differs in line {line}" if line and len(expected_lines) > 1 else "different text"


def _shown(value: Value) -> str:
    data = _plain(value)
    text = data if isinstance(data, str) and value.kind != "str" else repr(data)
    return text if len(text) <= 200 else f"{text[:199]}…"

"""Whether two scalars agree: numbers, text, names. True is not 1, and integers stay integers."""

from __future__ import annotations

import cmath
import re
from dataclasses import replace
from typing import Any

import numpy as np

from quizapp.grading.findings import Difference
from quizapp.grading.judge.compare.mismatch import ComparisonOptions, Mismatch
from quizapp.grading.judge.compare.tensors import number_texts
from quizapp.sandbox.values.model import Value

NUMBERS = frozenset({"bool", "int", "float", "complex", "numpy"})
WORDS = {
    "none": "None",
    "int": "an int",
    "size": "a torch.Size",
    "array": "an array",
    "index": "an Index",
    "frame": "a DataFrame",
    "series": "a Series",
    "enum": "an enum member",
    "named": "a class, function or module",
    "exception": "an exception",
}


def type_words(value: Value) -> str:
    """What kind of thing a value is, as a learner would say it."""
    if value.kind == "numpy":
        return f"a NumPy {value.type.rpartition('.')[2]}"
    return WORDS.get(value.kind, f"a {value.kind}")


def scalar_mismatch(got: Value, expected: Value, rule: ComparisonOptions) -> Mismatch | None:
    """None where two values that are neither containers nor arrays agree."""
    if not _same_type(got, expected, rule):
        return Mismatch(f"{type_words(got)} instead of {type_words(expected)}", "type")
    if got.kind in NUMBERS:
        return _number_mismatch(got, expected, rule)
    if got.kind == "str" and "printed" in dict(got.meta) | dict(expected.meta):
        got, expected = replace(got, data=as_printed(got.data)), replace(expected, data=as_printed(expected.data))
    if _equal(got, expected):
        return None
    return _value_mismatch(_words(got, expected), *(_clip(_plain(side)) for side in (expected, got)))


def as_printed(text: str) -> str:
    """Printed text as it is compared: without trailing blanks, and with all addresses alike."""
    lines = "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")
    return re.sub(r"\b0x[0-9a-fA-F]+", "0x…", lines)


def _equal(got: Value, expected: Value) -> bool:
    if got.kind == "exception":
        return expected.data[0] in (got.data[0], *dict(got.meta).get("bases", "").split())
    return bool(_plain(got) == _plain(expected))


def _same_type(got: Value, expected: Value, rule: ComparisonOptions) -> bool:
    if got.kind in NUMBERS and expected.kind in NUMBERS and "type" in rule.ignore:
        return True
    return got.kind == expected.kind and (got.kind != "numpy" or got.type == expected.type)


def _number_mismatch(got: Value, expected: Value, rule: ComparisonOptions) -> Mismatch | None:
    mine, theirs = _python_number(got.data), _python_number(expected.data)
    rtol, atol = rule.tolerance(_dtype(got), _dtype(expected))
    if _close(mine, theirs, rtol, atol):
        return None
    absolute, relative = _differences(mine, theirs)
    words = "another bool" if got.kind == expected.kind == "bool" else "another number"
    gap = _value_mismatch(words, *number_texts(theirs, mine))
    return Mismatch(gap.summary, "value", 1, 1, gap.places, absolute, relative)


def _value_mismatch(words: str, expected: str, got: str) -> Mismatch:
    return Mismatch(words, "value", 1, 1, (Difference((), expected, got),))


def _python_number(data: Any) -> Any:
    """A NumPy scalar's own value; what Python has no number for (a date) stays as it is."""
    if isinstance(data, np.longdouble | np.clongdouble | np.datetime64 | np.timedelta64):
        return data
    return data.item() if isinstance(data, np.generic) else data


def _dtype(value: Value) -> str:
    if value.kind == "numpy":
        return str(value.data.dtype)
    return {"float": "float64", "complex": "complex128"}.get(value.kind, value.kind)


def _close(got: Any, expected: Any, rtol: float, atol: float) -> bool:
    """`|got - expected| <= atol + rtol * |expected|`, NaN close to NaN."""
    if got == expected:
        return True
    if isinstance(got, np.datetime64 | np.timedelta64):
        return bool(np.isnat(got) and np.isnat(expected))
    if isinstance(got, int | str | bytes) and isinstance(expected, int | str | bytes):
        return False
    try:
        if cmath.isfinite(got) and cmath.isfinite(expected):
            return bool(abs(got - expected) <= atol + rtol * abs(expected))
        return all(_same_special(getattr(got, part), getattr(expected, part)) for part in ("real", "imag"))
    except OverflowError:
        return False


def _same_special(one: float, other: float) -> bool:
    return one == other or (one != one and other != other)


def _differences(got: Any, expected: Any) -> tuple[float | None, float | None]:
    try:
        absolute = float(abs(got - expected))
        relative = absolute / float(abs(expected)) if expected else None
    except (OverflowError, TypeError, ValueError):
        return None, None
    return (absolute, relative) if absolute == absolute else (None, None)


def _plain(value: Value) -> Any:
    """What is compared for equality."""
    if value.kind == "range":
        return range(*value.data)
    if value.kind == "slice":
        return tuple(part.data for part in value.data)
    return value.data[0] if value.kind == "exception" else value.data


def _words(got: Value, expected: Value) -> str:
    if got.kind == "str":
        return _text_words(got.data, expected.data)
    if got.kind == "exception":
        return f"{got.data[0].rpartition('.')[2]} is another exception"
    return f"another {WORDS.get(got.kind, got.kind).removeprefix('an ').removeprefix('a ')}"


def _text_words(got: str, expected: str) -> str:
    mine, theirs = got.splitlines(), expected.splitlines()
    if len(mine) != len(theirs) and max(len(mine), len(theirs)) > 1:
        return f"{len(mine)} lines of text instead of {len(theirs)}"
    line = next((i for i, pair in enumerate(zip(mine, theirs, strict=False), 1) if pair[0] != pair[1]), None)
    return f"the text differs in line {line}" if line and len(theirs) > 1 else "another text"


def _clip(data: object) -> str:
    text = data if isinstance(data, str) else repr(data)
    return text if len(text) <= 200 else f"{text[:199]}…"

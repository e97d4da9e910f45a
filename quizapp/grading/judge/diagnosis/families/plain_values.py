"""Mistakes in text, shapes and strides."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator

from quizapp.grading.judge.diagnosis.evidence import Explanation
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.values.model import Value

COUNTING = frozenset(
    {
        *("len", "sum", "count", "counts", "count_nonzero", "value_counts", "bincount", "unique", "nunique"),
        *("numel", "nelement", "ndim", "ndimension", "dim", "shape", "size", "call_count"),
    }
)
"""Functions, methods and attributes that count."""


def explain_text(got: str, expected: str) -> Iterator[Explanation]:
    """Explain two texts that differ in one respect only."""
    if got.casefold() == expected.casefold():
        yield Explanation(Mistake.TEXT_CASE, "the text differs only in upper and lower case")
    elif re.sub(r"\s+", "", got) == re.sub(r"\s+", "", expected):
        yield Explanation(Mistake.TEXT_BLANKS, "the text differs only in whitespace")
    elif not got.strip():
        yield Explanation(Mistake.TEXT_EMPTY, "the text is empty")
    elif got.splitlines() == expected.splitlines()[::-1]:
        yield Explanation(Mistake.TEXT_LINES, "the lines are right, but in reverse order")
    elif sorted(got.splitlines()) == sorted(expected.splitlines()):
        yield Explanation(Mistake.TEXT_LINES, "the lines are right, but in a different order")
    elif re.sub(r"[^\w\s]", "", got) == re.sub(r"[^\w\s]", "", expected):
        yield Explanation(Mistake.TEXT_PUNCTUATION, "the text differs only in punctuation")


def explain_shapes(got: tuple[int, ...], expected: tuple[int, ...]) -> Iterator[Explanation]:
    """Explain a check of a shape, without the values of the tensor."""
    if _without_ones(got) == _without_ones(expected):
        if len(got) > len(expected):
            yield Explanation(Mistake.KEPT_DIMENSION, "a dimension of size 1 was kept")
        elif len(got) < len(expected):
            yield Explanation(Mistake.LOST_DIMENSION, "a dimension of size 1 was lost")
        else:
            yield Explanation(Mistake.UNIT_DIMENSION, "the dimension of size 1 is in the wrong place")
    elif sorted(got) == sorted(expected):
        kind = Mistake.TRANSPOSED if len(got) == 2 else Mistake.PERMUTED
        yield Explanation(kind, f"it is {kind}: the sizes are right, but in a different order")
    elif math.prod(got) == math.prod(expected):
        kind = Mistake.FLATTENED if len(got) == 1 else Mistake.RESHAPED
        yield Explanation(kind, f"it is {kind}: the number of elements is right, but not the shape")
    elif len(got) == len(expected):
        yield from _explain_one_size(got, expected)


def _explain_one_size(got: tuple[int, ...], expected: tuple[int, ...]) -> Iterator[Explanation]:
    differences = [
        (dim, size - wanted) for dim, (size, wanted) in enumerate(zip(got, expected, strict=True)) if size != wanted
    ]
    if len(differences) != 1:
        return
    dim, difference = differences[0]
    if abs(difference) == 1 and expected[dim] > 1:
        what = "one element too long" if difference > 0 else "one element too short"
        yield Explanation(Mistake.OFF_BY_ONE, f"dimension {dim} is {what}")
    elif got[dim] == 1:
        yield Explanation(Mistake.KEPT_DIMENSION, f"dimension {dim} was reduced to size 1")


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


def explain_strides(got: tuple[int, ...], expected: tuple[int, ...]) -> Iterator[Explanation]:
    """Explain a check of strides."""
    if sorted(got) == sorted(expected):
        clause = "the strides are right, but in a different order: the memory layout of the dimensions differs"
        yield Explanation(Mistake.PERMUTED, clause)


def is_stride(see: str, value: Value) -> bool:
    """Return whether the value of the expression `see` is the strides of a tensor."""
    return _are_counts(value) and bool(re.search(r"\.stride\(\)\)?\s*$", see))


def is_shape(see: str, value: Value) -> bool:
    """Return whether the value of the expression `see` is the shape of a tensor."""
    if value.kind == "size":
        return True
    return _are_counts(value) and bool(re.search(r"\.(shape|size\(\))\)?\s*$", see))


def is_count(see: str) -> bool:
    """Return whether the expression `see` counts something: then a difference of one does not show how it arose."""
    try:
        nodes = list(ast.walk(ast.parse(see.strip(), mode="eval")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return bool(COUNTING & (names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}))


def _are_counts(value: Value) -> bool:
    return value.kind in ("tuple", "list") and all(
        item.kind == "int" and 0 <= item.data < 1 << 40 for item in value.data
    )


def sizes(value: Value) -> tuple[int, ...]:
    """Return the integers of a shape or of strides."""
    return tuple(value.data) if value.kind == "size" else tuple(item.data for item in value.data)

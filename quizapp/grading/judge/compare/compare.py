"""Comparison of two decoded values of any kind: None if they agree, else how they differ."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import torch

from quizapp.grading.judge.compare.arrays import array_mismatch
from quizapp.grading.judge.compare.dataframes import PANDAS, frame_mismatch
from quizapp.grading.judge.compare.mismatch import ComparisonOptions, merge_mismatches
from quizapp.grading.judge.compare.plain_scalars import NUMBERS, number_type, python_number, scalar_mismatch
from quizapp.grading.judge.compare.tensors import tensor_mismatch
from quizapp.grading.judge_protocol import Mismatch
from quizapp.sandbox.values.model import Value

SEQUENCES = frozenset({"list", "tuple", "size"})
SETS = frozenset({"set", "frozenset"})
EXACT_INTEGERS = 1 << 53
"""Up to here every integer is a float, and has a hash of its own."""

MAX_PAIRED = 2000
"""Number of unequal items that are matched pair by pair, in quadratic time, if order is ignored."""


def compare(got: Value, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    """Return how `got` differs from `expected` under `options`; None if they agree."""
    kinds = {got.kind, expected.kind}
    if kinds == {"tensor"}:
        return tensor_mismatch(got.data, expected.data, options, (dict(got.meta), dict(expected.meta)))
    if kinds == {"masked"}:
        return _masked_mismatch(got, expected, options)
    if kinds == {"array"}:
        return _array_mismatch(got.data, expected.data, options)
    if kinds == {"tensor", "array"} and "type" in options.ignore:
        return _mixed_mismatch(got, expected, options)
    if are_sequences(got, expected, options):
        return _sequence_mismatch(got, expected, options)
    if kinds <= SETS and (len(kinds) == 1 or "type" in options.ignore):
        return _set_mismatch(items(got), items(expected), options)
    if kinds == {"dict"}:
        return _dict_mismatch(got, expected, options)
    if kinds == {"slice"}:
        return None if _sequence_mismatch(got, expected, options) is None else scalar_mismatch(got, expected, options)
    if len(kinds) == 1 and got.kind in PANDAS:
        return frame_mismatch(got, expected, options, _array_mismatch)
    return scalar_mismatch(got, expected, options)


def _array_mismatch(got: Any, expected: Any, options: ComparisonOptions) -> Mismatch | None:
    if got.dtype.kind != "O" or expected.dtype.kind != "O":
        return array_mismatch(got, expected, options)
    if got.shape != expected.shape:
        return Mismatch(f"shape {got.shape} instead of {expected.shape}", "shape")
    got, expected = (Value("list", tuple(array.ravel().tolist()), "builtins.list") for array in (got, expected))
    return _sequence_mismatch(got, expected, options)


def _masked_mismatch(got: Value, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    """Compare masked arrays: first the masks, then the elements that are not masked."""
    (got_array, got_mask), (expected_array, expected_mask) = (
        [part.data for part in value.data] for value in (got, expected)
    )
    if got_mask.shape != expected_mask.shape:
        return Mismatch(f"shape {got_mask.shape} instead of {expected_mask.shape}", "shape")
    if differing := int((got_mask != expected_mask).sum()):
        return Mismatch("different elements are masked", "value", differing, expected_mask.size)
    return _array_mismatch(got_array[~got_mask], expected_array[~expected_mask], options)


def device_of(value: Value) -> str:
    """Return the device that the value was on in its run."""
    return dict(value.meta).get("device", "cpu")


def items(value: Value) -> tuple[Value, ...]:
    """Return the items of a sequence or a set."""
    if value.kind == "size":
        return tuple(Value("int", number, "builtins.int") for number in value.data)
    return tuple(value.data)


def count_elements(value: Value) -> int:
    """Return the number of elements: of a tensor or array, of all items of a container, or 1 for a scalar."""
    if value.kind == "tensor":
        return int(value.data.numel())
    if value.kind == "array":
        return int(value.data.size)
    if value.kind == "masked":
        return count_elements(value.data[0])
    if value.kind == "dict":
        return sum(count_elements(item) for _, item in value.data)
    if value.kind in SEQUENCES | SETS:
        return sum(count_elements(item) for item in items(value))
    return 1


def are_sequences(got: Value, expected: Value, options: ComparisonOptions) -> bool:
    """Return whether both are sequences that are compared item by item: of the same kind if `options` are strict."""
    kinds = {got.kind, expected.kind}
    if not kinds <= SEQUENCES:
        return False
    if not options.strict or len(kinds) == 1 or kinds == {"size", "tuple"}:
        return True
    return "type" in options.ignore or (options.literal and expected.kind == "list")


def are_comparable(got: Value, expected: Value, options: ComparisonOptions) -> bool:
    """Return whether the types of two values agree, so that only what they contain may differ."""
    if got.kind in NUMBERS and expected.kind in NUMBERS:
        return number_type(got, options) == number_type(expected, options)
    return got.kind == expected.kind or are_sequences(got, expected, options)


def _mixed_mismatch(got: Value, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    """Compare a tensor with an array, both as tensors."""
    sides = [value.data if value.kind == "tensor" else torch.as_tensor(value.data) for value in (got, expected)]
    return tensor_mismatch(sides[0], sides[1], options, (dict(got.meta), dict(expected.meta)))


def _sequence_mismatch(got: Value, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    got_items, expected_items = items(got), items(expected)
    if len(got_items) != len(expected_items):
        return Mismatch(f"{_counted(len(got_items))} instead of {len(expected_items)}", "length")
    if "order" in options.ignore:
        return _set_mismatch(got_items, expected_items, options)
    mismatches = []
    for place, pair in enumerate(zip(got_items, expected_items, strict=True)):
        if mismatch := compare(*pair, options):
            mismatches.append(mismatch.within(place, f"item {place}"))
    return merge_mismatches(mismatches, count_elements(expected)) if mismatches else None


def _counted(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


def _set_mismatch(got: Sequence[Value], expected: Sequence[Value], options: ComparisonOptions) -> Mismatch | None:
    """Compare items in any order: pair the equal ones first, then those within the tolerance."""
    total = len(expected)
    if len(got) != total:
        return Mismatch(f"{_counted(len(got))} instead of {total}", "length")
    unmatched, wanted = _without_equal_items(got, expected, options)
    if len(unmatched) > MAX_PAIRED:
        return Mismatch(f"{len(unmatched)} of {total} items differ", differing=len(unmatched), total=total)
    missing, options = 0, replace(options, describes=False)
    for item in wanted:
        place = next((i for i, other in enumerate(unmatched) if compare(other, item, options) is None), None)
        if place is None:
            missing += 1
        else:
            unmatched.pop(place)
    if not missing:
        return None
    return Mismatch(f"{missing} of {total} items differ", differing=missing, total=total)


def _without_equal_items(
    got: Sequence[Value], expected: Sequence[Value], options: ComparisonOptions
) -> tuple[list[Value], list[Value]]:
    """Return both sides without the items that are exactly equal on both."""
    keys = [equality_key(item, options) for item in got], [equality_key(item, options) for item in expected]
    shared = Counter(filter(None, keys[0])) & Counter(filter(None, keys[1]))
    remaining = []
    for side, side_keys in zip((got, expected), keys, strict=True):
        quota = Counter(shared)
        unequal = []
        for value, key in zip(side, side_keys, strict=True):
            if key is not None and quota[key] > 0:
                quota[key] -= 1
            else:
                unequal.append(value)
        remaining.append(unequal)
    return remaining[0], remaining[1]


def equality_key(value: Value, options: ComparisonOptions) -> Hashable | None:
    """Return a key that exactly equal plain values share; None for values that can only be compared in pairs."""
    if value.kind in NUMBERS:
        number = python_number(value)
        kind = "number" if "type" in options.ignore else number_type(value, options)
        return (kind, _number_key(number))
    if value.kind in ("tensor", "array", "masked", "dict", *PANDAS):
        return None
    if value.kind in SEQUENCES | SETS:
        inner = [equality_key(item, options) for item in items(value)]
        kind = value.kind if value.kind in SETS or (options.strict and value.kind == "list") else "tuple"
        return None if None in inner else (kind, *(sorted(inner, key=repr) if value.kind in SETS else inner))
    data: Any = tuple(equality_key(item, options) for item in value.data) if value.kind == "slice" else value.data
    return (value.kind, data)


def _number_key(number: Any) -> Hashable:
    """Return a key that equal numbers share and unequal ones do not, and whose hash an answer cannot choose.

    Integers are hashed modulo 2**61 - 1, and complex numbers by a sum, so many different ones can have the same hash.
    """
    if number != number:
        return str(number)
    if isinstance(number, complex):
        return (number.real, number.imag) if number.imag else _number_key(number.real)
    if isinstance(number, int | float) and EXACT_INTEGERS <= abs(number) < math.inf:
        return hex(int(number))
    return number  # type: ignore[no-any-return]


def _dict_mismatch(got: Value, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    got_items, expected_items = _by_key(got, options), _by_key(expected, options)
    missing = expected_items.keys() - got_items.keys()
    extra = [key for name, (key, _) in got_items.items() if name not in expected_items]
    if missing or extra:
        return Mismatch("; ".join(_key_clauses(len(missing), extra)), "keys")
    mismatches = []
    for name, (key, wanted) in expected_items.items():
        if mismatch := compare(got_items[name][1], wanted, options):
            label = key_text(key)
            mismatches.append(mismatch.within(label, f"key `{label}`"))
    return merge_mismatches(mismatches, count_elements(expected)) if mismatches else None


def _by_key(value: Value, options: ComparisonOptions) -> dict[Hashable, tuple[Value, Value]]:
    found: dict[Hashable, tuple[Value, Value]] = {}
    for place, (key, item) in enumerate(value.data):
        name = equality_key(key, options)
        # Keys without an equality key, such as tensors, are matched by their position.
        found[("place", place) if name is None else name] = (key, item)
    return found


def _key_clauses(missing: int, extra: list[Value]) -> list[str]:
    clauses = []
    if missing:
        clauses.append("1 key is missing" if missing == 1 else f"{missing} keys are missing")
    if extra:
        names = ", ".join(f"`{key_text(key)}`" for key in extra[:3])
        clauses.append(f"{names}{' …' if len(extra) > 3 else ''} too many")
    return clauses


def key_text(key: Value) -> str:
    """Return the key of a dict as text of at most 60 characters."""
    text = key.data if isinstance(key.data, str) else repr(key.data)
    return text if len(text) <= 60 else f"{text[:59]}…"

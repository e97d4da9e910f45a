"""Two decoded values -> None where they agree, or how they differ. One rule for each kind of value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import torch

from quizapp.grading.judge.compare.arrays import array_mismatch
from quizapp.grading.judge.compare.dataframes import PANDAS, frame_mismatch
from quizapp.grading.judge.compare.mismatch import ComparisonOptions, Mismatch, gather
from quizapp.grading.judge.compare.plain_scalars import NUMBERS, scalar_mismatch
from quizapp.grading.judge.compare.tensors import tensor_mismatch
from quizapp.sandbox.values.model import Value

SEQUENCES = frozenset({"list", "tuple", "size"})
SETS = frozenset({"set", "frozenset"})
GREEDY = 2000
"""Items that are matched pair by pair where order does not count."""


def compare(got: Value, expected: Value, rule: ComparisonOptions) -> Mismatch | None:
    """None where `got` agrees with `expected` under `rule`."""
    kinds = {got.kind, expected.kind}
    if kinds == {"tensor"}:
        return tensor_mismatch(got.data, expected.data, rule, (dict(got.meta), dict(expected.meta)))
    if kinds == {"array"}:
        return _array_mismatch(got.data, expected.data, rule)
    if kinds == {"tensor", "array"} and "type" in rule.ignore:
        return _mixed_mismatch(got, expected, rule)
    if _alike(got, expected, rule, SEQUENCES):
        return _sequence_mismatch(got, expected, rule)
    if _alike(got, expected, rule, SETS):
        return _set_mismatch(items(got), items(expected), rule)
    if kinds == {"dict"}:
        return _dict_mismatch(got, expected, rule)
    if kinds == {"slice"}:
        return None if _sequence_mismatch(got, expected, rule) is None else scalar_mismatch(got, expected, rule)
    if len(kinds) == 1 and got.kind in PANDAS:
        return frame_mismatch(got, expected, rule, _array_mismatch)
    return scalar_mismatch(got, expected, rule)


def _array_mismatch(got: Any, expected: Any, rule: ComparisonOptions) -> Mismatch | None:
    if got.dtype.kind != "O" or expected.dtype.kind != "O":
        return array_mismatch(got, expected, rule)
    if got.shape != expected.shape:
        return Mismatch(f"shape {got.shape} instead of {expected.shape}", "shape")
    mine, theirs = (Value("list", tuple(side.ravel().tolist()), "builtins.list") for side in (got, expected))
    return _sequence_mismatch(mine, theirs, rule)


def device_of(value: Value) -> str:
    return dict(value.meta).get("device", "cpu")


def items(value: Value) -> tuple[Value, ...]:
    """The items of a sequence or a set."""
    if value.kind == "size":
        return tuple(Value("int", number, "builtins.int") for number in value.data)
    return tuple(value.data)


def elements(value: Value) -> int:
    """How many elements a value has: those of a tensor, of a container's items together, else one."""
    if value.kind == "tensor":
        return int(value.data.numel())
    if value.kind == "array":
        return int(value.data.size)
    if value.kind == "dict":
        return sum(elements(item) for _, item in value.data)
    if value.kind in SEQUENCES | SETS:
        return sum(elements(item) for item in items(value))
    return 1


def _alike(got: Value, expected: Value, rule: ComparisonOptions, family: frozenset[str]) -> bool:
    """Both of one family, and of the same kind in it as far as `rule` asks."""
    if got.kind not in family or expected.kind not in family:
        return False
    if got.kind == expected.kind or {got.kind, expected.kind} == {"size", "tuple"}:
        return True
    return "type" in rule.ignore or (rule.literal and expected.kind == "list")


def _mixed_mismatch(got: Value, expected: Value, rule: ComparisonOptions) -> Mismatch | None:
    """A tensor beside an array: compared as tensors where NumPy's dtype has a counterpart."""
    sides = [value.data if value.kind == "tensor" else torch.as_tensor(value.data) for value in (got, expected)]
    return tensor_mismatch(sides[0], sides[1], rule, (dict(got.meta), dict(expected.meta)))


def _sequence_mismatch(got: Value, expected: Value, rule: ComparisonOptions) -> Mismatch | None:
    mine, theirs = items(got), items(expected)
    if len(mine) != len(theirs):
        return Mismatch(f"{_counted(len(mine))} instead of {len(theirs)}", "length")
    if "order" in rule.ignore:
        return _set_mismatch(mine, theirs, rule)
    gaps = []
    for place, (one, other) in enumerate(zip(mine, theirs, strict=True)):
        if gap := compare(one, other, rule):
            gaps.append(gap.within(place, f"item {place}"))
    return gather(gaps, elements(expected)) if gaps else None


def _counted(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


def _set_mismatch(mine: Sequence[Value], theirs: Sequence[Value], rule: ComparisonOptions) -> Mismatch | None:
    """Items in any order: equal ones pair off first, then whatever is close."""
    if len(mine) != len(theirs):
        return Mismatch(f"{_counted(len(mine))} instead of {len(theirs)}", "length")
    left, wanted = _without_equals(mine, theirs, rule)
    if len(left) > GREEDY:
        return Mismatch(f"{len(left)} of {len(theirs)} items differ", differing=len(left), total=len(theirs))
    missing = 0
    for item in wanted:
        place = next((i for i, one in enumerate(left) if compare(one, item, rule) is None), None)
        if place is None:
            missing += 1
        else:
            left.pop(place)
    if not missing:
        return None
    return Mismatch(f"{missing} of {len(theirs)} items differ", differing=missing, total=len(theirs))


def _without_equals(
    mine: Sequence[Value], theirs: Sequence[Value], rule: ComparisonOptions
) -> tuple[list[Value], list[Value]]:
    """Both sides without the items that are exactly equal on both."""
    keys = [identity(item, rule) for item in mine], [identity(item, rule) for item in theirs]
    shared = Counter(filter(None, keys[0])) & Counter(filter(None, keys[1]))
    rest = []
    for values, names in zip((mine, theirs), keys, strict=True):
        quota = Counter(shared)
        left = []
        for value, name in zip(values, names, strict=True):
            if name is not None and quota[name] > 0:
                quota[name] -= 1
            else:
                left.append(value)
        rest.append(left)
    return rest[0], rest[1]


def identity(value: Value, rule: ComparisonOptions) -> Hashable | None:
    """Equal for plain values that are exactly equal; None for values that can only be compared in pairs."""
    if value.kind in NUMBERS and "type" in rule.ignore:
        return ("number", value.data)
    if value.kind in ("tensor", "array", "dict", *PANDAS):
        return None
    if value.kind in SEQUENCES | SETS:
        inner = [identity(item, rule) for item in items(value)]
        kind = "tuple" if value.kind == "size" else value.kind
        return None if None in inner else (kind, *(sorted(inner, key=repr) if value.kind in SETS else inner))
    data: Any = tuple(identity(item, rule) for item in value.data) if value.kind == "slice" else value.data
    return (value.kind, value.type if value.kind == "numpy" else "", str(data) if data != data else data)


def _dict_mismatch(got: Value, expected: Value, rule: ComparisonOptions) -> Mismatch | None:
    mine, theirs = _by_key(got, rule), _by_key(expected, rule)
    missing, extra = theirs.keys() - mine.keys(), mine.keys() - theirs.keys()
    if missing or extra:
        return Mismatch("; ".join(_key_words(len(missing), [mine[key][0] for key in mine if key in extra])), "keys")
    gaps = []
    for key, (name, wanted) in theirs.items():
        if gap := compare(mine[key][1], wanted, rule):
            label = key_text(name)
            gaps.append(gap.within(label, f"key `{label}`"))
    return gather(gaps, elements(expected)) if gaps else None


def _by_key(value: Value, rule: ComparisonOptions) -> dict[Hashable, tuple[Value, Value]]:
    found: dict[Hashable, tuple[Value, Value]] = {}
    for place, (key, item) in enumerate(value.data):
        name = identity(key, rule)
        # Keys that have no identity of their own, such as tensors, are told apart by their place.
        found[("place", place) if name is None else name] = (key, item)
    return found


def _key_words(missing: int, extra: list[Value]) -> list[str]:
    words = []
    if missing:
        words.append("1 key is missing" if missing == 1 else f"{missing} keys are missing")
    if extra:
        names = ", ".join(f"`{key_text(key)}`" for key in extra[:3])
        words.append(f"{names}{' …' if len(extra) > 3 else ''} too many")
    return words


def key_text(key: Value) -> str:
    text = key.data if isinstance(key.data, str) else repr(key.data)
    return text if len(text) <= 60 else f"{text[:59]}…"

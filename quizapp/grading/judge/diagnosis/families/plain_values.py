"""Mistakes in text, shapes and other plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.grading.judge.diagnosis.evidence import Explanation
from quizapp.sandbox.values.model import Value


def text_fits(got: str, expected: str) -> Iterator[Explanation]:
    """What kind of other text it is."""
    if got.casefold() == expected.casefold():
        yield Explanation("text-case", "the text differs only in upper and lower case")
    elif re.sub(r"\s+", "", got) == re.sub(r"\s+", "", expected):
        yield Explanation("text-blanks", "the text differs only in blanks and line ends")
    elif not got.strip():
        yield Explanation("text-empty", "nothing is there")
    elif got.splitlines() == expected.splitlines()[::-1]:
        yield Explanation("text-lines", "the lines are right, but in reverse order")
    elif sorted(got.splitlines()) == sorted(expected.splitlines()):
        yield Explanation("text-lines", "the lines are right, but in another order")
    elif re.sub(r"[^\w\s]", "", got) == re.sub(r"[^\w\s]", "", expected):
        yield Explanation("text-punctuation", "the text differs only in punctuation")


def shape_fits(got: tuple[int, ...], expected: tuple[int, ...]) -> Iterator[Explanation]:
    """What two shapes say of the tensors that have them."""
    if _without_ones(got) == _without_ones(expected):
        if len(got) > len(expected):
            yield Explanation("kept-dimension", "a dimension of size 1 was kept")
        elif len(got) < len(expected):
            yield Explanation("lost-dimension", "a dimension of size 1 was lost")
        else:
            yield Explanation("unit-dimension", "the dimension of size 1 stands in another place")
    elif sorted(got) == sorted(expected):
        words = "transposed" if len(got) == 2 else "permuted"
        yield Explanation(words, f"it is {words}: the sizes are right, but in another order")
    elif _product(got) == _product(expected):
        family = "flattened" if len(got) == 1 else "reshaped"
        yield Explanation(family, f"it is {family}: there are as many elements, in another shape")
    elif len(got) == len(expected):
        yield from _one_size(got, expected)


def _one_size(got: tuple[int, ...], expected: tuple[int, ...]) -> Iterator[Explanation]:
    off = [
        (place, mine - theirs) for place, (mine, theirs) in enumerate(zip(got, expected, strict=True)) if mine != theirs
    ]
    if len(off) != 1:
        return
    place, difference = off[0]
    if abs(difference) == 1 and expected[place] > 1:
        words = "one too long" if difference > 0 else "one too short"
        yield Explanation("off-by-one", f"dimension {place} is {words}")
    elif got[place] == 1:
        yield Explanation("kept-dimension", f"dimension {place} was reduced to size 1")


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


def _product(shape: tuple[int, ...]) -> int:
    product = 1
    for size in shape:
        product *= size
    return product


def stride_fits(got: tuple[int, ...], expected: tuple[int, ...]) -> Iterator[Explanation]:
    """What two strides say of the tensors that have them."""
    if sorted(got) == sorted(expected):
        yield Explanation(
            "permuted", "the strides are right, but in another order: other dimensions lie next in memory"
        )


def is_stride(see: str, value: Value) -> bool:
    """Whether a value is the strides of a tensor."""
    return _are_counts(value) and bool(re.search(r"\.stride\(\)\)?\s*$", see))


def is_shape(see: str, value: Value) -> bool:
    """Whether a value is the shape of a tensor."""
    if value.kind == "size":
        return True
    return _are_counts(value) and bool(re.search(r"\.(shape|size\(\))\)?\s*$", see))


def _are_counts(value: Value) -> bool:
    return value.kind in ("tuple", "list") and all(
        item.kind == "int" and 0 <= item.data < 1 << 40 for item in value.data
    )


def sizes(value: Value) -> tuple[int, ...]:
    return tuple(value.data) if value.kind == "size" else tuple(item.data for item in value.data)

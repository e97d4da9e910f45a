"""Factors that learners' results are off by, and where they come from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from quizapp.grading.judge.diagnosis.evidence import GivenValue

CONSTANTS = (
    (math.log(2), "a natural logarithm stands for a base-2 one, or the reverse"),
    (math.log(10), "a natural logarithm stands for a base-10 one, or the reverse"),
    (math.log2(10), "a base-2 logarithm stands for a base-10 one, or the reverse"),
    (math.pi / 180, "degrees stand for radians, or the reverse (a factor of π/180)"),
    (255.0, "by a factor of 255, as between bytes and values from 0 to 1"),
    (2.0, "by a factor of 2"),
    (math.pi, "by a factor of π"),
    (2 * math.pi, "by a factor of 2π"),
    (100.0, "by a factor of 100, as between parts and per cent"),
    (1000.0, "by a factor of 1000"),
)


def factor_words(factor: float, given: Sequence[GivenValue]) -> str | None:
    """Where a factor (got over expected) comes from, in words; None for one that nothing explains."""
    names = list(dict.fromkeys(_sizes(abs(factor), given)))
    if _is(abs(factor), 2) or _is(abs(factor), 0.5):
        # Two is two, whatever else there is two or four of.
        names = []
    for constant, cause in CONSTANTS:
        if _is(abs(factor), constant) or _is(abs(factor), 1 / constant):
            names.append(cause if not cause.startswith("by ") else _directed(factor, cause))
    if not names:
        return None
    opposite = " and its sign is flipped" if factor < 0 else ""
    # Two sources of one number cannot be told apart; three are no help.
    return (" or ".join(names[:2]) if len(names) < 3 else _plain(factor)) + opposite


def _directed(factor: float, words: str) -> str:
    return f"too {'large' if abs(factor) > 1 else 'small'} {words}"


def _plain(factor: float) -> str:
    large = abs(factor) > 1
    return f"too {'large' if large else 'small'} by a factor of {(abs(factor) if large else 1 / abs(factor)):.4g}"


def _is(factor: float, constant: float) -> bool:
    return math.isclose(factor, constant, rel_tol=2e-6)


def _sizes(factor: float, given: Sequence[GivenValue]) -> Iterator[str]:
    """Sources among the sizes of the given tensors; `factor` is positive."""
    large = factor > 1
    ratio = factor if large else 1 / factor
    counts: dict[int, list[str]] = {}
    for one in given:
        for size, words in _counts(one):
            counts.setdefault(size, []).append(words)
    for size, sources in counts.items():
        what = " or ".join(sources[:2])
        for amount, formula in _formulas(size):
            if _is(ratio, amount):
                yield formula.format(f"too {'large' if large else 'small'} by", what)
                break


def _formulas(size: int) -> Iterator[tuple[float, str]]:
    """What is often made of a size: (number, words with places for the direction and for what it is the size of)."""
    yield size, "{} {}, as between a sum and a mean"
    yield math.sqrt(size), "{} the square root of {}"
    yield size / (size - 1), "{} n/(n-1), n being {}: biased and unbiased variance (`correction`), or a step too few"
    yield (
        math.sqrt(size / (size - 1)),
        "{} √(n/(n-1)), n being {}: biased and unbiased deviation (`correction`)",
    )


def _counts(given: GivenValue) -> Iterator[tuple[int, str]]:
    """(n, words) for each size of a given tensor that is larger than 2, and for its number of elements."""
    tensor = given.tensor
    if tensor.numel() == 1 and tensor.ndim == 0 and not tensor.is_floating_point() and int(tensor) > 2:
        yield int(tensor), f"`{given.name}`"
    for dim, size in enumerate(tensor.shape):
        if size > 2:
            first = " (the batch size)" if dim == 0 and tensor.ndim > 1 else ""
            yield size, f"the size of dimension {dim} of {_name(given)}{first}"
    if tensor.ndim > 1 and tensor.numel() > 2:
        yield tensor.numel(), f"the number of elements of {_name(given)}"


def _name(given: GivenValue) -> str:
    return f"`{given.name}`" if given.name else "the result"

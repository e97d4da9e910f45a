"""Factors that learners' results are typically off by, and their causes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from quizapp.grading.judge.diagnosis.evidence import GivenValue

CONSTANTS = (
    (math.log(2), "a natural logarithm instead of a base-2 one, or vice versa"),
    (math.log(10), "a natural logarithm instead of a base-10 one, or vice versa"),
    (math.log2(10), "a base-2 logarithm instead of a base-10 one, or vice versa"),
    (math.pi / 180, "degrees instead of radians, or vice versa (a factor of π/180)"),
    (255.0, "by a factor of 255, as between bytes and values from 0 to 1"),
    (2.0, "by a factor of 2"),
    (math.pi, "by a factor of π"),
    (2 * math.pi, "by a factor of 2π"),
    (100.0, "by a factor of 100, as between fractions and per cent"),
    (1000.0, "by a factor of 1000"),
)


def describe_factor(factor: float, given: Sequence[GivenValue]) -> str | None:
    """Return the likely cause of a factor (got / expected), or None if it has no known cause."""
    causes = list(dict.fromkeys(_size_causes(abs(factor), given)))
    if _is_near(abs(factor), 2) or _is_near(abs(factor), 0.5):
        # 2 is self-explanatory: do not also attribute it to a size of 2 or 4.
        causes = []
    for constant, cause in CONSTANTS:
        if _is_near(abs(factor), constant) or _is_near(abs(factor), 1 / constant):
            causes.append(cause if not cause.startswith("by ") else f"too {_direction(factor)} {cause}")
    if not causes:
        return None
    opposite = " and the sign is flipped" if factor < 0 else ""
    # Both of two possible causes are reported; three would not help, so only the number is.
    return (" or ".join(causes[:2]) if len(causes) < 3 else _plain_factor(factor)) + opposite


def _direction(factor: float) -> str:
    return "large" if abs(factor) > 1 else "small"


def _plain_factor(factor: float) -> str:
    ratio = abs(factor) if abs(factor) > 1 else 1 / abs(factor)
    return f"too {_direction(factor)} by a factor of {ratio:.4g}"


def _is_near(factor: float, constant: float) -> bool:
    return math.isclose(factor, constant, rel_tol=2e-6)


def _size_causes(factor: float, given: Sequence[GivenValue]) -> Iterator[str]:
    """Yield the causes of a positive factor among the sizes of the given tensors."""
    ratio = factor if factor > 1 else 1 / factor
    sources_by_size: dict[int, list[str]] = {}
    for value in given:
        for size, source in _sizes(value):
            sources_by_size.setdefault(size, []).append(source)
    for size, sources in sources_by_size.items():
        for amount, template in _formulas(size):
            if _is_near(ratio, amount):
                yield template.format(f"too {_direction(factor)} by", " or ".join(sources[:2]))
                break


def _formulas(size: int) -> Iterator[tuple[float, str]]:
    """Yield (number, template) for numbers often derived from a size; the template takes a direction and a source."""
    yield size, "{} {}, as between a sum and a mean"
    yield math.sqrt(size), "{} the square root of {}"
    yield (
        size / (size - 1),
        "{} n/(n-1), where n is {}: biased and unbiased variance (`correction`), or one step too few",
    )
    yield (
        math.sqrt(size / (size - 1)),
        "{} √(n/(n-1)), where n is {}: biased and unbiased standard deviation (`correction`)",
    )


def _sizes(given: GivenValue) -> Iterator[tuple[int, str]]:
    """Yield (n, source) for an integer, each size of a tensor above 2, and its number of elements."""
    tensor = given.tensor
    if tensor.numel() == 1 and tensor.ndim == 0 and not tensor.is_floating_point() and int(tensor) > 2:
        yield int(tensor), f"`{given.name}`"
    for dim, size in enumerate(tensor.shape):
        if size > 2:
            batch = " (the batch size)" if dim == 0 and tensor.ndim > 1 else ""
            yield size, f"the size of dimension {dim} of {_name(given)}{batch}"
    if tensor.ndim > 1 and tensor.numel() > 2:
        yield tensor.numel(), f"the number of elements of {_name(given)}"


def _name(given: GivenValue) -> str:
    # The result itself is passed without a name: it is often scaled by one of its own sizes.
    return f"`{given.name}`" if given.name else "the result"

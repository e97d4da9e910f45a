"""Factors that learners' results are typically off by, and their causes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from quizapp.grading.judge.diagnosis.evidence import Explanation, GivenValue
from quizapp.grading.mistake import Mistake

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


ROOT = "the square root of"
RESULT = "the result"


def explain_factor(factor: float, given: Sequence[GivenValue]) -> Explanation | None:
    """Return the explanation of a factor (got / expected) by its likely cause, or None if it has no known cause."""
    causes = _causes(factor, given)
    if not causes:
        return None
    # Both of two possible causes are reported; three would not help, so only the number is.
    text = " or ".join(causes[:2]) if len(causes) < 3 else _plain_factor(factor)
    if factor < 0:
        return Explanation(Mistake.SCALED, f"it is scaled: {text} and the sign is flipped")
    if len(causes) == 1 and ROOT in text:
        remark = "as without dividing by √d" if factor > 1 else "as after dividing by d instead of √d"
        return Explanation(Mistake.WRONG_SCALE, f"it is scaled: {text}, {remark}")
    return Explanation(Mistake.SCALED, f"it is scaled: {text}")


def _causes(factor: float, given: Sequence[GivenValue]) -> list[str]:
    """Return the likely causes of a factor."""
    causes = list(dict.fromkeys(_size_causes(abs(factor), given)))
    if _is_near(abs(factor), 2) or _is_near(abs(factor), 0.5):
        # 2 is self-explanatory: do not also attribute it to a size of 2 or 4.
        causes = []
    for constant, cause in CONSTANTS:
        if _is_near(abs(factor), constant) or _is_near(abs(factor), 1 / constant):
            causes.append(cause if not cause.startswith("by ") else f"too {_direction(factor)} {cause}")
    return causes


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
                # The result has the size of a given value by its computation.
                named = [source for source in sources if not source.endswith(RESULT)] or sources
                yield template.format(f"too {_direction(factor)} by", " or ".join(named[:2]))
                break


def _formulas(size: int) -> Iterator[tuple[float, str]]:
    """Yield (number, template) for numbers often derived from a size; the template takes a direction and a source."""
    yield size, "{} {}, as between a sum and a mean"
    yield math.sqrt(size), f"{{}} {ROOT} {{}}"
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
    return f"`{given.name}`" if given.name else RESULT

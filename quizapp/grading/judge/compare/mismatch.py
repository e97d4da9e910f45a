"""How two values differ, as facts, and what a check lets pass. Knows neither torch nor numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizapp.grading.findings import Difference

SHOWN_PLACES = 8
"""Differing elements that a gap lists."""

TOLERANCES: dict[str, tuple[float, float]] = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex32": (1e-3, 1e-5),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
    "quint8": (1.3e-6, 1e-5),
    "quint4x2": (1.3e-6, 1e-5),
    "quint2x4": (1.3e-6, 1e-5),
    "qint8": (1.3e-6, 1e-5),
    "qint32": (1.3e-6, 1e-5),
}
"""Relative and absolute tolerance by dtype: those of `torch.testing.assert_close`; others are exact."""


@dataclass(frozen=True, slots=True)
class ComparisonOptions:
    """What a check lets pass: its tolerances, where the dtype's own are not meant, and relaxed aspects."""

    rtol: float | None = None
    atol: float | None = None
    ignore: frozenset[str] = frozenset()
    literal: bool = False
    """The expected value was written in YAML, whose lists stand for tuples too."""

    def tolerance(self, *dtypes: str) -> tuple[float, float]:
        """(rtol, atol) for values of `dtypes`, the widest of them; one that the check sets wins."""
        known = [TOLERANCES.get(dtype, (0.0, 0.0)) for dtype in dtypes]
        rtol = max(pair[0] for pair in known) if self.rtol is None else self.rtol
        atol = max(pair[1] for pair in known) if self.atol is None else self.atol
        return rtol, atol


@dataclass(frozen=True, slots=True)
class Mismatch:
    """How `got` differs from what was expected; no expected value stands in `summary`."""

    summary: str
    aspect: str = "value"
    """`type`, `layout`, `shape`, `dtype`, `device`, `value`, `length`, `keys` or `labels`."""

    differing: int | None = None
    total: int | None = None
    places: tuple[Difference, ...] = ()
    largest_absolute: float | None = None
    largest_relative: float | None = None
    mask: tuple[tuple[bool, ...], ...] | None = None

    def within(self, key: int | str, words: str) -> Mismatch:
        """The same gap, seen from the container that holds the value under `key`."""
        places = tuple(replace(place, index=(key, *place.index)) for place in self.places)
        return replace(self, summary=f"{words}: {self.summary}", places=places, mask=None)


def largest(values: Sequence[float | None]) -> float | None:
    """The largest of those that are known."""
    known = [value for value in values if value is not None]
    return max(known, default=None)


def gather(gaps: Sequence[Mismatch], total: int) -> Mismatch:
    """One gap for a container of `total` elements: the first of `gaps` speaks, the figures are those of all."""
    first = gaps[0]
    more = f" (and {len(gaps) - 1} more)" if len(gaps) > 1 else ""
    return replace(
        first,
        summary=first.summary + more,
        differing=sum(gap.differing if gap.differing is not None else 1 for gap in gaps),
        total=total,
        places=tuple(place for gap in gaps for place in gap.places)[:SHOWN_PLACES],
        largest_absolute=largest([gap.largest_absolute for gap in gaps]),
        largest_relative=largest([gap.largest_relative for gap in gaps]),
        mask=None,
    )

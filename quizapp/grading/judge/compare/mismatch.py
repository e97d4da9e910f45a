"""The options of a comparison, and mismatches of several parts as one. Imports neither torch nor NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizapp.grading.judge_protocol import Mismatch

SHOWN_PLACES = 8
"""Maximum number of differing elements that a mismatch lists."""

TOLERANCES: dict[str, tuple[float, float]] = {
    # Plain numbers mostly come from `.item()` of float32 tensors, and are rounded as those are.
    "float": (1.3e-6, 1e-7),
    "complex": (1.3e-6, 1e-7),
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
"""dtype -> (rtol, atol), as in the table of `torch.testing.assert_close`; all other types must be equal."""


@dataclass(frozen=True, slots=True)
class ComparisonOptions:
    """What a check accepts: its own tolerances, if it has any, and the aspects that it ignores."""

    rtol: float | None = None
    atol: float | None = None
    ignore: frozenset[str] = frozenset()
    literal: bool = False
    """Whether the expected value was written in YAML, where a list can also stand for a tuple."""

    strict: bool = False
    """Whether numbers and sequences must have exactly the expected type."""

    describes: bool = True
    """Whether to describe how texts differ; False where many pairs are compared and no mismatch is shown."""

    def tolerance(self, expected: str, got: str | None = None) -> tuple[float, float]:
        """Return (rtol, atol): those of the check, else the larger of the two dtypes' own, as in `assert_close`.

        Where the dtype is ignored, `got` counts as float32 at most: an answer must not choose a coarse dtype to be
        compared loosely.
        """
        defaults = [TOLERANCES.get(expected, (0.0, 0.0))]
        if got is not None:
            tolerance = TOLERANCES.get(got, (0.0, 0.0))
            defaults.append(min(tolerance, TOLERANCES["float32"]) if "dtype" in self.ignore else tolerance)
        rtol = max(pair[0] for pair in defaults) if self.rtol is None else self.rtol
        atol = max(pair[1] for pair in defaults) if self.atol is None else self.atol
        return rtol, atol


def merge_mismatches(mismatches: Sequence[Mismatch], total: int) -> Mismatch:
    """Return one mismatch for a container of `total` elements, with the summary of the first of `mismatches`."""
    first = mismatches[0]
    more = f" (and {len(mismatches) - 1} more)" if len(mismatches) > 1 else ""
    return replace(
        first,
        summary=first.summary + more,
        differing=sum(1 if mismatch.differing is None else mismatch.differing for mismatch in mismatches),
        total=total,
        places=tuple(place for mismatch in mismatches for place in mismatch.places)[:SHOWN_PLACES],
        largest_absolute=_largest([mismatch.largest_absolute for mismatch in mismatches]),
        largest_relative=_largest([mismatch.largest_relative for mismatch in mismatches]),
        mask=None,
        details=tuple(detail for mismatch in mismatches for detail in mismatch.details)[:SHOWN_PLACES],
        diff=(),
    )


def _largest(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)

"""A tensor as a grid of shaded cells that mark where it differs from the other side. Contains no widget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from quizapp.grading.judge_protocol import Finding, Side

SHADES = "·░▒▓█"
"""From zero to the largest magnitude; readable without colour."""

NOT_A_NUMBER, INFINITE = "?", "∞"


@dataclass(frozen=True, slots=True)
class GridCell:
    """One element of a value."""

    shade: str
    weight: float
    """The value divided by the largest magnitude, in [-1, 1]; selects the colour."""

    differs: bool
    text: str
    """The value as text."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One two-dimensional slice of a value, as rows of cells. A value of shape `(n,)` has one row."""

    rows: tuple[tuple[GridCell, ...], ...]
    slice_index: tuple[int, ...]
    """The index in each dimension before the last two."""

    dimensions: int

    def index(self, row: int, column: int) -> tuple[int, ...]:
        """Return a cell's index in the whole value."""
        return ((*self.slice_index, row, column)) if self.dimensions > 1 else (column,)


def slice_indices(shape: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the index of every slice of this shape; one empty index for up to two dimensions."""
    return list(product(*(range(size) for size in shape[:-2])))


def build_grid(side: Side, finding: Finding, slice_index: tuple[int, ...] = ()) -> Grid | None:
    """Return one slice of a value as a grid; None if the value has no elements."""
    shape, values = side.shape, side.values
    if not shape or values is None or 0 in shape:
        return None
    columns = shape[-1]
    rows = shape[-2] if len(shape) > 1 else 1
    start = 0
    for size, index in zip(shape[:-2], slice_index, strict=True):
        start = start * size + index
    start *= rows * columns
    scale = largest_magnitude(finding)
    cells = tuple(
        tuple(
            _cell(values[start + row * columns + column], scale, _differs(finding, side, slice_index, row, column))
            for column in range(columns)
        )
        for row in range(rows)
    )
    return Grid(cells, slice_index, len(shape))


def largest_magnitude(finding: Finding) -> float:
    """Return the largest finite magnitude of both sides, which share one colour scale."""
    sides = [side for side in (finding.expected, finding.got) if side and side.values]
    values = (value for side in sides for value in side.values or ())
    return max((abs(v) for v in values if isinstance(v, int | float) and math.isfinite(v)), default=0.0)


def _cell(value: float | str | None, scale: float, differs: bool) -> GridCell:
    if not isinstance(value, int | float) or not math.isfinite(value):
        text = str(value)
        return GridCell(INFINITE if "inf" in text else NOT_A_NUMBER, 0.0, differs, text)
    weight = value / scale if scale else 0.0
    shade = SHADES[min(len(SHADES) - 1, math.ceil(abs(weight) * (len(SHADES) - 1)))]
    return GridCell(shade, weight, differs, _format_number(value))


def _format_number(value: float) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _differs(finding: Finding, side: Side, slice_index: tuple[int, ...], row: int, column: int) -> bool:
    mismatch = finding.mismatch
    if mismatch is None:
        return False
    mask = mismatch.mask
    if mask is not None and not slice_index:
        return row < len(mask) and column < len(mask[row]) and mask[row][column]
    # For more than two dimensions the judge reports only the first few differing places.
    index = (*slice_index, row, column) if len(side.shape or ()) > 1 else (column,)
    return any(place.index == index for place in mismatch.places)

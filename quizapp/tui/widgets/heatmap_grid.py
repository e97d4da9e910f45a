"""A value drawn as a small heat map: which cell, which shade, and where the two sides differ. Knows no widget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from quizapp.grading.findings import Finding, Side

SHADES = "·░▒▓█"
"""From nothing to the largest magnitude, for eyes and terminals without colour."""

NOT_A_NUMBER, INFINITE = "?", "∞"


@dataclass(frozen=True, slots=True)
class GridCell:
    """One element as it is drawn."""

    shade: str
    weight: float
    """Between -1 and 1: the value beside the largest magnitude; the colour's scale."""

    differs: bool
    text: str
    """The value itself."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One slice of one side, as rows of cells."""

    rows: tuple[tuple[GridCell, ...], ...]
    lead: tuple[int, ...]
    """The index of every dimension before the last two."""

    dimensions: int

    def index(self, row: int, column: int) -> tuple[int, ...]:
        """Where the cell stands in the whole value."""
        return ((*self.lead, row, column)) if self.dimensions > 1 else (column,)


def slices(shape: Sequence[int]) -> list[tuple[int, ...]]:
    """The leading indices that a value of this shape can be sliced at; one empty index up to two dimensions."""
    return list(product(*(range(size) for size in shape[:-2])))


def grid(side: Side, finding: Finding, lead: tuple[int, ...] = ()) -> Grid | None:
    """The picture of one slice; None where the value has no elements to draw."""
    shape, values = side.shape, side.values
    if not shape or values is None or 0 in shape:
        return None
    columns = shape[-1]
    rows = shape[-2] if len(shape) > 1 else 1
    start = 0
    for size, index in zip(shape[:-2], lead, strict=True):
        start = start * size + index
    start *= rows * columns
    scale = largest(finding)
    cells = tuple(
        tuple(
            _cell(values[start + row * columns + column], scale, _differs(finding, side, lead, row, column))
            for column in range(columns)
        )
        for row in range(rows)
    )
    return Grid(cells, lead, len(shape))


def largest(finding: Finding) -> float:
    """The largest finite magnitude on either side, so that both are drawn to one scale."""
    sides = [side for side in (finding.expected, finding.got) if side and side.values]
    values = (value for side in sides for value in side.values or ())
    return max((abs(v) for v in values if isinstance(v, int | float) and math.isfinite(v)), default=0.0)


def _cell(value: float | str | None, scale: float, differs: bool) -> GridCell:
    if not isinstance(value, int | float) or not math.isfinite(value):
        text = str(value)
        return GridCell(INFINITE if "inf" in text else NOT_A_NUMBER, 0.0, differs, text)
    weight = value / scale if scale else 0.0
    shade = SHADES[min(len(SHADES) - 1, math.ceil(abs(weight) * (len(SHADES) - 1)))]
    return GridCell(shade, weight, differs, _number(value))


def _number(value: float) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _differs(finding: Finding, side: Side, lead: tuple[int, ...], row: int, column: int) -> bool:
    mask = finding.mask
    if mask is not None and not lead:
        return row < len(mask) and column < len(mask[row]) and mask[row][column]
    # Past two dimensions the judge names only the first few places; nothing more is claimed here.
    index = (*lead, row, column) if len(side.shape or ()) > 1 else (column,)
    return any(place.index == index for place in finding.places)

"""Text in columns, measured in terminal cells so that wide characters line up."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size


def fit(text: str, width: int, align: str = "left") -> str:
    """Return `text` padded to exactly `width` cells, or cut with an ellipsis if it is longer."""
    if width <= 0:
        return ""
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, width - 1).rstrip(" ") + "…", width)
    padding = " " * (width - length)
    return padding + text if align == "right" else text + padding


def remaining_width(total: int, fixed: Sequence[int], gap: int = 2) -> int:
    """Return the cells that the fixed columns and their gaps leave of `total` for one flexible column."""
    return max(0, total - sum(fixed) - gap * len(fixed))


def justify(left: str, right: str, width: int) -> str:
    """Return a line of `width` cells with `left` and `right` at its ends; `left` is cut if both do not fit."""
    return fit(left, max(0, width - cell_len(right) - 1)) + " " + fit(right, min(cell_len(right), width))

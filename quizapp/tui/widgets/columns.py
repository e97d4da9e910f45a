"""Text in columns, measured in terminal cells, so that wide characters line up."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size


def fit(text: str, width: int, align: str = "left") -> str:
    """`text` in exactly `width` cells, cut with an ellipsis where it is longer."""
    if width <= 0:
        return ""
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, width - 1).rstrip(" ") + "…", width)
    blank = " " * (width - length)
    return blank + text if align == "right" else text + blank


def shares(total: int, fixed: Sequence[int], gap: int = 2) -> int:
    """What is left of `total` cells for the one flexible column beside the fixed ones."""
    return max(0, total - sum(fixed) - gap * len(fixed))


def spread(left: str, right: str, width: int) -> str:
    """`left` and `right` at the two ends of a line; `left` gives way."""
    return fit(left, max(0, width - cell_len(right) - 1)) + " " + fit(right, min(cell_len(right), width))

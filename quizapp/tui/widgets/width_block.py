"""A block of text that is laid out for the width that it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

Layout = Callable[[int], Content]
"""Returns the content of a block for a width in cells."""

GAP = 4
"""Cells between columns of blocks."""


class WidthBlock(Widget):
    """Content that is computed again for each width: charts and tables cannot be wrapped."""

    DEFAULT_CSS = """
    WidthBlock { height: auto; text-wrap: nowrap; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._layout_at: Layout = lambda width: Content("")
        self._cached: tuple[int, Content] | None = None
        """The width of the last layout, and its content."""

    def show(self, layout: Layout) -> None:
        """Replace the content."""
        self._layout_at, self._cached = layout, None
        self.refresh(layout=True)

    def _content_at(self, width: int) -> Content:
        if self._cached is None or self._cached[0] != width:
            self._cached = width, self._layout_at(width)
        return self._cached[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._content_at(width).plain.count("\n") + 1

    def render(self) -> Content:
        return self._content_at(self.content_size.width)


def side_by_side(columns: Sequence[Content], widths: Sequence[int]) -> Content:
    """Return columns of these widths next to each other, with a gap between them."""
    lines = [column.split("\n") if column.plain else [] for column in columns]
    rows = []
    for row in range(max(map(len, lines), default=0)):
        cells = [column[row] if row < len(column) else Content("") for column in lines]
        padded = [_pad(cell, width + GAP) for cell, width in zip(cells[:-1], widths[:-1], strict=True)]
        rows.append(Content.assemble(*padded, cells[-1]))
    return Content("\n").join(rows)


def _pad(cell: Content, width: int) -> Content:
    return Content.assemble(cell, " " * max(0, width - cell.cell_length))


def balanced(blocks: Sequence[Content], count: int) -> list[Content]:
    """Distribute blocks over `count` columns, each below the shortest one so far."""
    columns: list[list[Content]] = [[] for _ in range(count)]
    heights = [0] * count
    for block in blocks:
        shortest = heights.index(min(heights))
        columns[shortest].append(block)
        heights[shortest] += block.plain.count("\n") + 2
    return [Content("\n\n").join(column) for column in columns]

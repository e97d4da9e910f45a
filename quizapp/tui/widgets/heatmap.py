"""Expected and actual values as heat maps with a cell cursor and keys that select the slice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from quizapp.grading.judge_protocol import Finding
from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings
from quizapp.tui.widgets.heatmap_grid import Grid, GridCell, build_grid, slice_indices

MAX_ELEMENT_WIDTH = 9
"""Terminal columns of an element shown as a number; wider elements are shown as a shade."""

SHADE_WIDTH = 2
"""Columns of an element shown as a shade: the shade and the mark."""

GAP = 3
LOW, ZERO, HIGH = Color(33, 102, 172), Color(70, 70, 76), Color(190, 85, 25)
"""Blue and orange are distinguishable with every kind of colour blindness."""

MARK = "×"
"""Shown in each element that differs."""


@dataclass(frozen=True, slots=True)
class PlacedGrid:
    """One side's grid and its position; its title is in the line above."""

    name: str
    grid: Grid
    x: int
    y: int

    @property
    def height(self) -> int:
        return len(self.grid.rows)


class HeatMap(ScrollView, can_focus=True):
    """Both sides drawn to one colour scale, with one cursor for both."""

    DEFAULT_CSS = """
    HeatMap { height: auto; max-height: 24; background: transparent; scrollbar-size: 1 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1, 0)", show=False),
        Binding("down", "move(1, 0)", show=False),
        Binding("left", "move(0, -1)", show=False),
        Binding("right", "move(0, 1)", show=False),
        Binding("home", "move(0, -4096)", show=False),
        Binding("end", "move(0, 4096)", show=False),
        *bindings("heat"),
    ]

    row = reactive(0)
    column = reactive(0)
    slice_index = reactive[tuple[int, ...]]((), init=False)

    @dataclass
    class CellHighlighted(Message):
        """The cursor moved; `text` describes the cells under it."""

        text: str

    def __init__(self) -> None:
        super().__init__(id="heat")
        self._finding: Finding | None = None
        self._grids: list[PlacedGrid] = []
        self._element_width = SHADE_WIDTH
        self._axis = 0
        """The dimension that the slice keys step along."""

    def show(self, finding: Finding | None) -> None:
        """Draw a finding's two sides; nothing if they have no elements."""
        self._finding = finding
        self._axis = 0
        shapes = [side.shape or () for side in (finding.expected, finding.got) if side] if finding else []
        self.set_reactive(HeatMap.slice_index, (0,) * max((len(shape) - 2 for shape in shapes), default=0))
        self.set_reactive(HeatMap.row, 0)
        self.set_reactive(HeatMap.column, 0)
        self._update_layout()
        self.post_highlighted()

    @property
    def is_drawn(self) -> bool:
        """Whether there are elements to draw."""
        return bool(self._grids)

    @property
    def is_sliced(self) -> bool:
        return bool(self.slice_index)

    # Layout

    def _update_layout(self) -> None:
        self._element_width, self._grids = self._arrange(self.scrollable_content_region.width)
        self.virtual_size = _extent(self._grids, self._element_width)
        self.refresh(layout=True)

    def _arrange(self, available: int) -> tuple[int, list[PlacedGrid]]:
        """Return the columns of an element and the grids, side by side if they fit into `available` columns."""
        grids = self._build_grids()
        columns = sum(len(grid.rows[0]) for _, grid in grids)
        longest = max((len(cell.text) for _, grid in grids for row in grid.rows for cell in row), default=0)
        width = longest + 2
        # A pane narrower than 40 columns scrolls to show numbers.
        if width > MAX_ELEMENT_WIDTH or columns * width + GAP > max(available, 40):
            width = SHADE_WIDTH
        side_by_side = columns * width + GAP * (len(grids) - 1) <= available
        placed, x, y = [], 0, 1
        for name, grid in grids:
            placed.append(PlacedGrid(name, grid, x, y))
            x, y = (x + len(grid.rows[0]) * width + GAP, y) if side_by_side else (x, y + len(grid.rows) + 1)
        return width, placed

    def _build_grids(self) -> list[tuple[str, Grid]]:
        if self._finding is None:
            return []
        grids = []
        for name, side in (("expected", self._finding.expected), ("got", self._finding.got)):
            if side is None or side.shape is None:
                continue
            index = self.slice_index[: max(0, len(side.shape) - 2)]
            if index in slice_indices(side.shape) and (grid := build_grid(side, self._finding, index)):
                grids.append((name, grid))
        return grids

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # Called before the widget has this width, so the layout is computed for the given width.
        element_width, grids = self._arrange(width)
        extent = _extent(grids, element_width)
        return extent.height + (1 if extent.width > width else 0)

    def on_resize(self) -> None:
        self._update_layout()

    # Drawing

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self.visual_style.rich_style
        segments: list[Segment] = []
        x = 0
        for placed in self._grids:
            if line == placed.y - 1:
                title = placed.name[: max(0, len(placed.grid.rows[0]) * self._element_width + GAP - 1)]
                segments += [Segment(" " * (placed.x - x), base), Segment(title, base + Style(bold=True))]
                x = placed.x + len(title)
            elif 0 <= line - placed.y < placed.height:
                segments.append(Segment(" " * (placed.x - x), base))
                segments += self._render_row(placed, line - placed.y)
                x = placed.x + len(placed.grid.rows[0]) * self._element_width
        return Strip(segments).crop_extend(self.scroll_offset.x, self.scroll_offset.x + width, base)

    def _render_row(self, placed: PlacedGrid, row: int) -> list[Segment]:
        segments = []
        shows_shade = self._element_width == SHADE_WIDTH
        for column, cell in enumerate(placed.grid.rows[row]):
            is_highlighted = (row, column) == (self.row, self.column) and self.has_focus
            meta = Style(meta={"at": (row, column)})
            body = cell.shade if shows_shade else visible(cell.text).rjust(self._element_width - 1)
            ink, shade = _styles(cell, is_highlighted=is_highlighted)
            segments.append(Segment(body, (shade if shows_shade else ink) + meta))
            segments.append(Segment(MARK if cell.differs else " ", ink + meta))
        return segments

    # The cursor

    def post_highlighted(self) -> None:
        """Post CellHighlighted with the index and value of the cells under the cursor."""
        parts = []
        for placed in self._grids:
            if self.row < placed.height and self.column < len(placed.grid.rows[self.row]):
                cell = placed.grid.rows[self.row][self.column]
                index = ", ".join(map(str, placed.grid.index(self.row, self.column)))
                parts.append(f"{placed.name}[{index}] = {cell.text}")
        if self.is_sliced:
            index = ", ".join(map(str, self.slice_index))
            parts.append(f"slice [{index}, :, :] — keys [ ] along dimension {self._axis}")
        self.post_message(self.CellHighlighted("   ".join(parts)))

    def _largest_grid(self) -> tuple[int, int]:
        """Return the most rows and the most columns of the grids, at least 1."""
        rows = max((placed.height for placed in self._grids), default=1)
        return rows, max((len(placed.grid.rows[0]) for placed in self._grids), default=1)

    def validate_row(self, row: int) -> int:
        return max(0, min(row, self._largest_grid()[0] - 1))

    def validate_column(self, column: int) -> int:
        return max(0, min(column, self._largest_grid()[1] - 1))

    def action_move(self, down: int, right: int) -> None:
        self.row += down
        self.column += right
        if self._grids:
            first, width = self._grids[0], self._element_width
            cell = Region(first.x + self.column * width, first.y + self.row, width, 1)
            self.scroll_to_region(cell, animate=False, force=True)
        self.post_highlighted()
        self.refresh()

    def action_slice(self, by: int) -> None:
        if not self.slice_index or self._finding is None:
            return
        shapes = [side.shape for side in (self._finding.expected, self._finding.got) if side and side.shape]
        size = max(shape[self._axis] for shape in shapes if len(shape) - 2 > self._axis)
        index = list(self.slice_index)
        index[self._axis] = (index[self._axis] + by) % size
        self.slice_index = tuple(index)
        self._update_layout()
        self.post_highlighted()

    def action_axis(self) -> None:
        if self.slice_index:
            self._axis = (self._axis + 1) % len(self.slice_index)
            self.post_highlighted()

    def on_click(self, event: events.Click) -> None:
        at = event.style.meta.get("at")
        if at is not None:
            self.row, self.column = at
            self.action_move(0, 0)


def _extent(grids: list[PlacedGrid], element_width: int) -> Size:
    width = max((placed.x + len(placed.grid.rows[0]) * element_width for placed in grids), default=0)
    return Size(width, max((placed.y + placed.height for placed in grids), default=0))


def _styles(cell: GridCell, *, is_highlighted: bool) -> tuple[Style, Style]:
    """Return the styles of the cell's text and of its shade, on the background of its value."""
    background = ZERO.blend(HIGH if cell.weight > 0 else LOW, abs(cell.weight))
    both = Style(bgcolor=background.rich_color, bold=cell.differs, reverse=is_highlighted)
    ink, shade = background.get_contrast_text(0.95), background.lighten(0.12)
    return both + Style(color=ink.rich_color), both + Style(color=shade.rich_color)

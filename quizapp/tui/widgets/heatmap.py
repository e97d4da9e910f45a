"""Both sides of a check as heat maps, with a cursor that says index and value, and keys that slice."""

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

from quizapp.grading.findings import Finding
from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings
from quizapp.tui.widgets.heatmap_grid import Grid, GridCell, grid, slices

WIDEST = 9
"""Terminal cells for an element whose value is written out; wider ones are drawn as a shade."""

GAP = 3
LOW, ZERO, HIGH = Color(33, 102, 172), Color(70, 70, 76), Color(190, 85, 25)
"""Blue and orange keep apart for every kind of colour blindness."""

MARK = "×"
"""Stands in each element that differs."""


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """One side's grid and where it is drawn; its title stands in the line above."""

    name: str
    grid: Grid
    x: int
    y: int

    @property
    def height(self) -> int:
        return len(self.grid.rows)


class HeatMap(ScrollView, can_focus=True):
    """Expected and got, drawn to one scale; the cursor walks on both at once."""

    DEFAULT_CSS = """
    HeatMap { height: auto; max-height: 24; background: transparent; scrollbar-size: 1 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "walk(-1, 0)", show=False),
        Binding("down", "walk(1, 0)", show=False),
        Binding("left", "walk(0, -1)", show=False),
        Binding("right", "walk(0, 1)", show=False),
        Binding("home", "walk(0, -4096)", show=False),
        Binding("end", "walk(0, 4096)", show=False),
        *bindings("heat"),
    ]

    row = reactive(0)
    column = reactive(0)
    lead = reactive[tuple[int, ...]]((), init=False)

    @dataclass
    class Pointed(Message):
        """What stands under the cursor, in words."""

        text: str

    def __init__(self) -> None:
        super().__init__(id="heat")
        self._finding: Finding | None = None
        self._placed: list[PlacedCell] = []
        self._wide = 2
        self._axis = 0

    def show(self, finding: Finding | None) -> None:
        """Draw another finding; nothing where there are no elements to draw."""
        self._finding = finding
        self._axis = 0
        shapes = [side.shape or () for side in (finding.expected, finding.got) if side] if finding else []
        self.set_reactive(HeatMap.lead, (0,) * max((len(shape) - 2 for shape in shapes), default=0))
        self.set_reactive(HeatMap.row, 0)
        self.set_reactive(HeatMap.column, 0)
        self._place()
        self.point()

    @property
    def is_drawn(self) -> bool:
        """Whether there are elements to draw."""
        return bool(self._placed)

    @property
    def is_sliced(self) -> bool:
        return bool(self.lead)

    # Where things stand

    def _place(self) -> None:
        self._wide, self._placed = self._placing(self.scrollable_content_region.width)
        self.virtual_size = _extent_of(self._placed, self._wide)
        self.refresh(layout=True)

    def _placing(self, room: int) -> tuple[int, list[PlacedCell]]:
        """Cells to an element, and where each side stands in so many columns: side by side where they fit."""
        grids = self._grids()
        columns = sum(len(found.rows[0]) for _, found in grids)
        longest = max((len(cell.text) for _, found in grids for row in found.rows for cell in row), default=0)
        wide = longest + 2 if longest + 2 <= WIDEST and columns * (longest + 2) + GAP <= max(room, 40) else 2
        across = columns * wide + GAP * (len(grids) - 1) <= room
        placed, x, y = [], 0, 1
        for name, found in grids:
            placed.append(PlacedCell(name, found, x, y))
            x, y = (x + len(found.rows[0]) * wide + GAP, y) if across else (x, y + len(found.rows) + 1)
        return wide, placed

    def _grids(self) -> list[tuple[str, Grid]]:
        if self._finding is None:
            return []
        found = []
        for name, side in (("expected", self._finding.expected), ("got", self._finding.got)):
            if side is None or side.shape is None:
                continue
            lead = self.lead[: max(0, len(side.shape) - 2)]
            if lead in slices(side.shape) and (drawn := grid(side, self._finding, lead)):
                found.append((name, drawn))
        return found

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # Asked before the width is the widget's own, so it is worked out for the width that is offered.
        wide, placed = self._placing(width)
        extent = _extent_of(placed, wide)
        return extent.height + (1 if extent.width > width else 0)

    def on_resize(self) -> None:
        self._place()

    # Drawing

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self.visual_style.rich_style
        segments: list[Segment] = []
        at = 0
        for placed in self._placed:
            if line == placed.y - 1:
                title = placed.name[: max(0, len(placed.grid.rows[0]) * self._wide + GAP - 1)]
                segments += [Segment(" " * (placed.x - at), base), Segment(title, base + Style(bold=True))]
                at = placed.x + len(title)
            elif 0 <= line - placed.y < placed.height:
                segments.append(Segment(" " * (placed.x - at), base))
                segments += self._row(placed, line - placed.y)
                at = placed.x + len(placed.grid.rows[0]) * self._wide
        return Strip(segments).crop_extend(self.scroll_offset.x, self.scroll_offset.x + width, base)

    def _row(self, placed: PlacedCell, row: int) -> list[Segment]:
        segments = []
        for column, cell in enumerate(placed.grid.rows[row]):
            pointed = (row, column) == (self.row, self.column) and self.has_focus
            meta = Style(meta={"at": (row, column)})
            body = cell.shade if self._wide == 2 else visible(cell.text).rjust(self._wide - 1)
            ink, shade = _styles(cell, pointed=pointed)
            segments.append(Segment(body, (shade if self._wide == 2 else ink) + meta))
            segments.append(Segment(MARK if cell.differs else " ", ink + meta))
        return segments

    # The cursor

    def point(self) -> None:
        """Say what stands under the cursor."""
        words = []
        for placed in self._placed:
            if self.row < placed.height and self.column < len(placed.grid.rows[self.row]):
                cell = placed.grid.rows[self.row][self.column]
                index = ", ".join(map(str, placed.grid.index(self.row, self.column)))
                words.append(f"{placed.name}[{index}] = {cell.text}")
        if self.is_sliced:
            words.append(f"slice [{', '.join(map(str, self.lead))}, :, :] — keys [ ] along dimension {self._axis}")
        self.post_message(self.Pointed("   ".join(words)))

    def _extent(self) -> tuple[int, int]:
        rows = max((placed.height for placed in self._placed), default=1)
        return rows, max((len(placed.grid.rows[0]) for placed in self._placed), default=1)

    def validate_row(self, row: int) -> int:
        return max(0, min(row, self._extent()[0] - 1))

    def validate_column(self, column: int) -> int:
        return max(0, min(column, self._extent()[1] - 1))

    def action_walk(self, down: int, right: int) -> None:
        self.row += down
        self.column += right
        if self._placed:
            first = self._placed[0]
            spot = Region(first.x + self.column * self._wide, first.y + self.row, self._wide, 1)
            self.scroll_to_region(spot, animate=False, force=True)
        self.point()
        self.refresh()

    def action_slice(self, by: int) -> None:
        if not self.lead or self._finding is None:
            return
        shapes = [side.shape for side in (self._finding.expected, self._finding.got) if side and side.shape]
        size = max(shape[self._axis] for shape in shapes if len(shape) - 2 > self._axis)
        moved = list(self.lead)
        moved[self._axis] = (moved[self._axis] + by) % size
        self.lead = tuple(moved)
        self._place()
        self.point()

    def action_axis(self) -> None:
        if self.lead:
            self._axis = (self._axis + 1) % len(self.lead)
            self.point()

    def on_click(self, event: events.Click) -> None:
        at = event.style.meta.get("at")
        if at is not None:
            self.row, self.column = at
            self.action_walk(0, 0)


def _extent_of(placed: list[PlacedCell], wide: int) -> Size:
    width = max((p.x + len(p.grid.rows[0]) * wide for p in placed), default=0)
    return Size(width, max((p.y + p.height for p in placed), default=0))


def _styles(cell: GridCell, *, pointed: bool) -> tuple[Style, Style]:
    """How the value or the mark is written on the cell's ground, and how its shade is."""
    ground = ZERO.blend(HIGH if cell.weight > 0 else LOW, abs(cell.weight))
    both = Style(bgcolor=ground.rich_color, bold=cell.differs, reverse=pointed)
    ink, shade = ground.get_contrast_text(0.95), ground.lighten(0.12)
    return both + Style(color=ink.rich_color), both + Style(color=shade.rich_color)

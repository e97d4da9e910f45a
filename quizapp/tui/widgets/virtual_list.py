"""A list that renders only its visible rows, so that its cost does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar, Generic, TypeVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

Row = TypeVar("Row")


class VirtualList(ScrollView, Generic[Row], can_focus=True, inherit_bindings=False):
    """A list of one-line rows with a cursor. `render_row(row, width)` returns a row's content."""

    DEFAULT_CSS = """
    VirtualList { background: transparent; overflow-x: hidden; scrollbar-size-vertical: 1; }
    VirtualList > .rows--cursor {
        background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
    }
    VirtualList:focus > .rows--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "edge(0)", show=False),
        Binding("end,G", "edge(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    cursor = reactive(0)

    @dataclass
    class Highlighted(Message):
        """The cursor moved to another row."""

        virtual_list: VirtualList[object]
        index: int

        @property
        def control(self) -> VirtualList[object]:
            return self.virtual_list

    @dataclass
    class Selected(Message):
        """Enter was pressed, or the row under the cursor was clicked."""

        virtual_list: VirtualList[object]
        index: int

        @property
        def control(self) -> VirtualList[object]:
            return self.virtual_list

    def __init__(
        self,
        render_row: Callable[[Row, int], Content],
        *,
        is_heading: Callable[[Row], bool] = lambda row: False,
        id: str | None = None,
    ) -> None:
        """Rows for which `is_heading` is true are skipped by the cursor."""
        super().__init__(id=id)
        self._render_row = render_row
        self._is_heading = is_heading
        self._items: Sequence[Row] = ()
        self._cache: dict[tuple[int, int], Content] = {}
        """(row, width) -> content."""

    @property
    def items(self) -> Sequence[Row]:
        return self._items

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._items[self.cursor] if 0 <= self.cursor < len(self._items) else None

    def show(self, items: Sequence[Row], cursor: int | None = None) -> None:
        """Replace the rows and move the cursor to row `cursor`, if given."""
        self._items = items
        self._cache.clear()
        self.virtual_size = Size(0, len(items))
        target = self.cursor if cursor is None else cursor
        self.cursor = self._nearest(max(0, min(target, len(items) - 1)), 1)
        self.refresh(layout=True)

    def _nearest(self, index: int, step: int) -> int:
        """Return the first row from `index` in the direction of `step` that is no heading, or else the last before."""
        forward, backward = range(index, len(self._items)), range(min(index, len(self._items) - 1), -1, -1)
        order = chain(forward, backward) if step > 0 else chain(backward, forward)
        return next((at for at in order if not self._is_heading(self._items[at])), 0)

    def _first_heading(self, index: int) -> int:
        """Return the first of the headings directly above a row, which are shown with it; the row itself without."""
        while 0 < index <= len(self._items) and self._is_heading(self._items[index - 1]):
            index -= 1
        return index

    def _move_to(self, index: int) -> None:
        self.cursor = self._nearest(max(0, min(index, len(self._items) - 1)), 1 if index >= self.cursor else -1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._items)

    def render_line(self, y: int) -> Strip:
        index = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        base = self.visual_style
        if not 0 <= index < len(self._items):
            return Strip.blank(width, base.rich_style)
        content = self._cache.get((index, width))
        if content is None:
            content = self._cache[index, width] = self._render_row(self._items[index], width)
        if index == self.cursor:
            base += self.get_visual_style("rows--cursor")
            # The row's own colours would be illegible on the cursor's background.
            content = Content(content.plain)
        strip = Strip(content.render_segments(base)).adjust_cell_length(width, base.rich_style)
        return strip.apply_style(Style(meta={"row": index}))

    def watch_cursor(self, old: int, new: int) -> None:
        top = self._first_heading(new)
        self.scroll_to_region(Region(0, top, 1, new - top + 1), animate=False, force=True)
        self.refresh()
        if old != new:
            self.post_message(self.Highlighted(self, new))  # type: ignore[arg-type]

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self._items) - 1))

    def action_move(self, by: int) -> None:
        self._move_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        self._move_to(self.cursor + by * max(1, self.size.height - 1))

    def action_edge(self, last: int) -> None:
        self._move_to((len(self._items) - 1) * last)

    def action_choose(self) -> None:
        if self._items:
            self.post_message(self.Selected(self, self.cursor))  # type: ignore[arg-type]

    def on_click(self, event: events.Click) -> None:
        index = event.style.meta.get("row")
        if index is None or self._is_heading(self._items[index]):
            return
        was_highlighted = index == self.cursor
        self.cursor = index
        if was_highlighted or event.chain > 1:
            self.action_choose()

    def on_resize(self) -> None:
        self._cache.clear()

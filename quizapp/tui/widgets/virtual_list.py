"""A list that draws only the rows in sight, so that 100,000 of them cost what 20 do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


class VirtualList(ScrollView, Generic[Row], can_focus=True):
    """Rows of one line each, with a cursor; `draw` says how a row looks in so many cells."""

    DEFAULT_CSS = """
    VirtualList { background: transparent; overflow-x: hidden; scrollbar-size-vertical: 1; }
    VirtualList > .rows--cursor { background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground; }
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
    class Moved(Message):
        """The cursor stands on another row."""

        rows: VirtualList[object]
        index: int

        @property
        def control(self) -> VirtualList[object]:
            return self.rows

    @dataclass
    class Chosen(Message):
        """Enter or a second click on the row under the cursor."""

        rows: VirtualList[object]
        index: int

        @property
        def control(self) -> VirtualList[object]:
            return self.rows

    def __init__(self, draw: Callable[[Row, int], Content], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._items: Sequence[Row] = ()
        self._drawn: dict[tuple[int, int], Content] = {}

    @property
    def items(self) -> Sequence[Row]:
        return self._items

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._items[self.cursor] if 0 <= self.cursor < len(self._items) else None

    def show(self, items: Sequence[Row], cursor: int | None = None) -> None:
        """Replace the rows; the cursor stays where it was, or goes to `cursor`."""
        self._items = items
        self._drawn.clear()
        self.virtual_size = Size(0, len(items))
        wanted = self.cursor if cursor is None else cursor
        self.cursor = max(0, min(wanted, len(items) - 1))
        self.refresh(layout=True)

    def redraw(self) -> None:
        """The rows look different now, though they are the same."""
        self._drawn.clear()
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._items)

    def render_line(self, y: int) -> Strip:
        index = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        base = self.visual_style
        if not 0 <= index < len(self._items):
            return Strip.blank(width, base.rich_style)
        content = self._drawn.get((index, width))
        if content is None:
            content = self._drawn[index, width] = self._draw(self._items[index], width)
        if index == self.cursor:
            base += self.get_visual_style("rows--cursor")
            # The row's own colours would not be read on the cursor's.
            content = Content(content.plain)
        strip = Strip(content.render_segments(base)).adjust_cell_length(width, base.rich_style)
        return strip.apply_style(Style(meta={"row": index}))

    def watch_cursor(self, old: int, new: int) -> None:
        self.scroll_to_region(Region(0, new, 1, 1), animate=False, force=True)
        self.refresh()
        if old != new:
            self.post_message(self.Moved(self, new))  # type: ignore[arg-type]

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self._items) - 1))

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, by: int) -> None:
        self.cursor += by * max(1, self.size.height - 1)

    def action_edge(self, last: int) -> None:
        self.cursor = (len(self._items) - 1) * last

    def action_choose(self) -> None:
        if self._items:
            self.post_message(self.Chosen(self, self.cursor))  # type: ignore[arg-type]

    def on_click(self, event: events.Click) -> None:
        index = event.style.meta.get("row")
        if index is None:
            return
        already = index == self.cursor
        self.cursor = index
        if already or event.chain > 1:
            self.action_choose()

    def on_resize(self) -> None:
        self._drawn.clear()

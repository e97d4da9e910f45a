"""A list of which any number of rows can be picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message

from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.virtual_list import VirtualList


@dataclass(frozen=True, slots=True)
class Pick:
    """A row that can be picked."""

    key: str
    label: str
    count: int | None = None
    """Number of cards; None if it is not shown."""


class PickList(VirtualList[Pick]):
    """A list with a box in front of each row. A click toggles a row; the screen binds a key to `toggle`.

    With `is_single` one row is always picked, as with radio buttons.
    """

    DEFAULT_CSS = """
    PickList {
        border: round $foreground 25%; border-title-color: $text; border-subtitle-color: $text-muted; padding: 0 1;
    }
    PickList:focus { border: round $primary; }
    PickList:blur > .rows--cursor { background: transparent; color: $text; }
    """

    @dataclass
    class Changed(Message):
        """Other rows are picked."""

        pick_list: PickList

    def __init__(self, title: str, *, id: str, is_single: bool = False) -> None:
        super().__init__(self._draw, id=id)
        self.border_title = title
        self._is_single = is_single
        self.picked: set[str] = set()
        """The keys of the picked rows."""

    def offer(self, picks: Sequence[Pick], picked: Sequence[str] = ()) -> None:
        """Replace the rows, and keep those picked that are still there."""
        keys = {pick.key for pick in picks}
        self.picked = (self.picked & keys) or set(picked)
        self.show(picks)
        self._show_number()

    def clear(self) -> None:
        """Pick nothing; with `is_single`, the first row."""
        self.picked = {self.items[0].key} if self._is_single and self.items else set()
        self._announce()

    def toggle(self) -> None:
        """Pick the row under the cursor, or pick it no longer."""
        if self.current is not None:
            key = self.current.key
            self.picked = {key} if self._is_single else self.picked ^ {key}
            self._announce()

    def on_click(self, event: events.Click) -> None:
        index = event.style.meta.get("row")
        if index is not None:
            event.prevent_default()
            self.cursor = index
            self.toggle()

    def _announce(self) -> None:
        self.show(self.items)
        self._show_number()
        self.post_message(self.Changed(self))

    def _show_number(self) -> None:
        if not self._is_single:
            self.border_subtitle = f"{len(self.picked)} of {len(self.items)}" if self.picked else "all"

    def _draw(self, pick: Pick, width: int) -> Content:
        is_picked = pick.key in self.picked
        box = ("●" if is_picked else "○") if self._is_single else ("☑" if is_picked else "☐")
        count = "" if pick.count is None else f" {pick.count:>4} "
        line = Content.styled(f"{box} {fit(pick.label, width - 2 - len(count))}", "bold" if is_picked else "")
        return Content.assemble(line, (count, MUTED))

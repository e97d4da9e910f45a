"""The list of names beside the cursor. The editor keeps the focus; the list is led by its keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Offset
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from quizapp.tui.status_texts import MUTED
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.completion_source import CompletionName

WIDE = 60


class CompletionList(OptionList, can_focus=False):
    """Open while it has something to offer."""

    DEFAULT_CSS = """
    CompletionList {
        display: none; overlay: screen; constrain: inside inflect; width: 60; height: auto; max-height: 10;
        border: none; padding: 0; background: $panel;
    }
    CompletionList.-open { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="names")
        self._offered: Sequence[CompletionName] = ()
        self._fitting: list[CompletionName] = []

    @property
    def is_open(self) -> bool:
        return self.has_class("-open")

    @property
    def chosen(self) -> CompletionName | None:
        """The name under the list's own cursor."""
        place = self.highlighted
        return self._fitting[place] if place is not None and place < len(self._fitting) else None

    def offer(self, names: Sequence[CompletionName], stem: str, at: Offset) -> None:
        """Open beside the cursor."""
        self._offered = names
        self.absolute_offset = at + Offset(0, 1)
        self.add_class("-open")
        self.narrow(stem)

    def narrow(self, stem: str) -> None:
        """Keep the names that still fit; close where none does."""
        self._fitting = [name for name in self._offered if name.text.startswith(stem) and name.text != stem]
        if not self._fitting:
            self.close()
            return
        self.clear_options()
        self.add_options([Option(_line(name)) for name in self._fitting])
        self.highlighted = 0

    def close(self) -> None:
        self.remove_class("-open")

    def step(self, by: int) -> None:
        if self.highlighted is not None:
            self.highlighted = (self.highlighted + by) % len(self._fitting)


def _line(name: CompletionName) -> Content:
    line = fit(f"{name.text}{name.signature}" if name.signature else f"{name.text}  {name.kind}", WIDE - 2)
    return Content(line).stylize("bold", 0, len(name.text)).stylize(MUTED, len(name.text), len(line))

"""The completion list beside the cursor. The editor keeps the focus and forwards keys to the list."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Offset
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from quizapp.tui.status_texts import MUTED
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.completion_source import CompletionName

WIDTH = 60
"""Cells of the list, as in the CSS below."""


class CompletionList(OptionList, can_focus=False):
    """A list of names that complete the text before the cursor."""

    DEFAULT_CSS = """
    CompletionList {
        display: none; overlay: screen; constrain: inside inflect; width: 60; height: auto; max-height: 10;
        border: none; padding: 0; background: $panel;
    }
    CompletionList.-open { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="names")
        self._names: Sequence[CompletionName] = ()
        self._matches: list[CompletionName] = []

    @property
    def is_open(self) -> bool:
        return self.has_class("-open")

    @property
    def selected_name(self) -> CompletionName | None:
        """The highlighted name; None if nothing is highlighted."""
        index = self.highlighted
        return self._matches[index] if index is not None and index < len(self._matches) else None

    def open(self, names: Sequence[CompletionName], prefix: str, cursor: Offset) -> None:
        """Show `names` below the screen position `cursor`."""
        self._names = names
        self.absolute_offset = cursor + Offset(0, 1)
        self.add_class("-open")
        self.filter(prefix)

    def filter(self, prefix: str) -> None:
        """Show only names that start with `prefix`; close the list if there are none."""
        self._matches = [name for name in self._names if name.text.startswith(prefix) and name.text != prefix]
        if not self._matches:
            self.close()
            return
        self.clear_options()
        self.add_options([Option(_render_name(name)) for name in self._matches])
        self.highlighted = 0

    def close(self) -> None:
        self.remove_class("-open")

    def move(self, by: int) -> None:
        """Move the highlight by `by` names, wrapping around at the ends."""
        if self.highlighted is not None:
            self.highlighted = (self.highlighted + by) % len(self._matches)


def _render_name(name: CompletionName) -> Content:
    line = fit(f"{name.text}{name.signature}" if name.signature else f"{name.text}  {name.kind}", WIDTH - 2)
    return Content(line).stylize("bold", 0, len(name.text)).stylize(MUTED, len(name.text), len(line))

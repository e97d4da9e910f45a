"""The completion list beside the cursor. The editor keeps the focus and forwards keys to the list."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.completion_source import CompletionName

MAX_WIDTH = 60
"""Cells of the list at most."""


class CompletionList(OptionList, can_focus=False):
    """A list of names that complete the text before the cursor."""

    DEFAULT_CSS = """
    CompletionList {
        display: none; overlay: screen; constrain: inside inflect; width: auto; height: auto; max-height: 10;
        border: none; padding: 0; background: $panel; scrollbar-size-vertical: 1;
    }
    CompletionList > .option-list--option { padding: 0 1; }
    CompletionList.-open { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="names")
        self._names: Sequence[CompletionName] = ()
        self._matches: list[CompletionName] = []
        self.is_automatic = False
        """Whether the list opened by itself: then it takes Enter only after the learner has moved in it."""

    @property
    def is_open(self) -> bool:
        return self.has_class("-open")

    @property
    def selected_name(self) -> CompletionName | None:
        """The highlighted name; None if nothing is highlighted."""
        index = self.highlighted
        return self._matches[index] if index is not None and index < len(self._matches) else None

    @property
    def takes_enter(self) -> bool:
        """Whether Enter accepts a name: one is highlighted."""
        return self.selected_name is not None

    def open(self, names: Sequence[CompletionName], prefix: str, cursor: Offset, *, is_automatic: bool = False) -> None:
        """Show `names` below the screen position `cursor`. No name is highlighted if the list opens by itself."""
        self._names, self.is_automatic = names, is_automatic
        self.absolute_offset = cursor + Offset(0, 1)
        self.add_class("-open")
        self.filter(prefix)

    def filter(self, prefix: str) -> None:
        """Show only names that start with `prefix`; close the list if there are none."""
        matches = [name for name in self._names if name.text.startswith(prefix) and name.text != prefix]
        if matches and matches == self._matches and self.option_count:
            return
        self._matches = matches
        if not matches:
            self.close()
            return
        self.clear_options()
        # Two cells each: the padding of an option, and a scrollbar.
        lines = [_line(name) for name in matches]
        self.styles.width = min(max(map(cell_len, lines)) + 4, MAX_WIDTH)
        self.add_options([Option(_render(name, line)) for name, line in zip(matches, lines, strict=True)])
        self.highlighted = None if self.is_automatic else 0

    def close(self) -> None:
        self.remove_class("-open")
        self._matches = []
        self.clear_options()

    def choose(self) -> CompletionName | None:
        """Return the highlighted name, or the first one; None if the list is empty."""
        return self.selected_name or (self._matches[0] if self._matches else None)

    def move(self, by: int) -> None:
        """Move the highlight by `by` names, wrapping around at the ends."""
        if self._matches:
            start = (-1 if by > 0 else 0) if self.highlighted is None else self.highlighted
            self.highlighted = (start + by) % len(self._matches)


def _line(name: CompletionName) -> str:
    return f"{name.text}{name.signature}" if name.signature else f"{name.text}  {name.kind}"


def _render(name: CompletionName, line: str) -> Content:
    shown = fit(line, min(cell_len(line), MAX_WIDTH - 4))
    return Content(shown).stylize("bold", 0, len(name.text)).stylize(MUTED, len(name.text), len(shown))

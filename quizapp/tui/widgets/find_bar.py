"""The search line under the editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static


class FindBar(Horizontal):
    """Enter finds the next place, shift+Enter or Up the one before, Escape goes back to the editor."""

    DEFAULT_CSS = """
    FindBar { height: 1; display: none; background: $panel; }
    FindBar.-open { display: block; }
    FindBar > Static { width: auto; padding: 0 1; color: $text-muted; }
    FindBar > Input { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
    FindBar.-missing > Input { color: $text-error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("down,f3", "seek(False)", show=False),
        Binding("up,shift+enter", "seek(True)", show=False),
    ]

    found = reactive(True)

    @dataclass
    class Sought(Message):
        """Go to the next place where these words stand."""

        words: str
        back: bool = False

    class Closed(Message):
        """The search is over."""

    def compose(self) -> ComposeResult:
        yield Static("Find")
        yield Input(compact=True, id="words")
        yield Static("↓ next  ↑ previous  Esc back")

    def open(self, words: str) -> None:
        """Show the line, with the selected words in it."""
        self.add_class("-open")
        field = self.query_one(Input)
        if words and "\n" not in words:
            field.value = words
        field.focus()

    def watch_found(self, found: bool) -> None:
        self.set_class(not found, "-missing")

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_seek(False)

    @on(Input.Changed)
    def changed(self, event: Input.Changed) -> None:
        event.stop()
        self.found = True

    def action_seek(self, back: bool) -> None:
        self.post_message(self.Sought(self.query_one(Input).value, back))

    def action_close(self) -> None:
        self.remove_class("-open")
        self.post_message(self.Closed())

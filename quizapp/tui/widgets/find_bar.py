"""The search bar below the editor."""

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
    """A search field: Enter selects the next match, shift+Enter or Up the previous one, Escape closes the bar."""

    DEFAULT_CSS = """
    FindBar { height: 1; display: none; background: $panel; }
    FindBar.-open { display: block; }
    FindBar > Static { width: auto; padding: 0 1; color: $text-muted; }
    FindBar > Input { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
    FindBar.-missing > Input { color: $text-error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("down,f3", "search(False)", show=False),
        Binding("up,shift+enter", "search(True)", show=False),
    ]

    has_match = reactive(True)

    @dataclass
    class Searched(Message):
        """A request to select the next match of `query`, or the previous one if `backwards`."""

        query: str
        backwards: bool = False

    class Closed(Message):
        """The bar was closed."""

    def compose(self) -> ComposeResult:
        yield Static("Find")
        yield Input(compact=True, id="query")
        yield Static("↓ next  ↑ previous  Esc back")

    def open(self, query: str) -> None:
        """Show the bar and search for `query`, the selected text, unless it is empty or has several lines."""
        self.add_class("-open")
        field = self.query_one(Input)
        if query and "\n" not in query:
            field.value = query
        field.focus()

    def watch_has_match(self, has_match: bool) -> None:
        self.set_class(not has_match, "-missing")

    @on(Input.Submitted)
    def search_next(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_search(False)

    @on(Input.Changed)
    def clear_error(self, event: Input.Changed) -> None:
        event.stop()
        self.has_match = True

    def action_search(self, backwards: bool) -> None:
        self.post_message(self.Searched(self.query_one(Input).value, backwards))

    def action_close(self) -> None:
        self.remove_class("-open")
        self.post_message(self.Closed())

"""The strip that names the study screen's panes; the current one is marked, and a click goes there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from quizapp.tui.study.layout import Pane


class PaneTab(Static):
    """One name on the strip."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(Content(pane.value.capitalize()), id=f"tab-{pane.value}")
        self.pane = pane

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(PaneTabs.Picked(self.pane))


class PaneTabs(Horizontal):
    """One line."""

    DEFAULT_CSS: ClassVar[str] = """
    PaneTabs { height: 1; background: $surface; }
    PaneTabs > PaneTab { width: auto; padding: 0 1; color: $text-muted; }
    PaneTabs > PaneTab:hover { background: $block-hover-background; }
    PaneTabs > PaneTab.-current { color: $text; text-style: bold reverse; }
    """

    @dataclass
    class Picked(Message):
        """Show this pane."""

        pane: Pane

    def compose(self) -> ComposeResult:
        for pane in Pane:
            yield PaneTab(pane)

    def show(self, current: frozenset[Pane]) -> None:
        """Mark the panes in sight."""
        for name in self.query(PaneTab):
            name.set_class(name.pane in current, "-current")

    def note(self, pane: Pane, symbol: str) -> None:
        """Put a symbol behind a name: there is something to look at."""
        words = f"{pane.value.capitalize()} {symbol}".rstrip()
        self.query_one(f"#tab-{pane.value}", Static).update(Content(words))

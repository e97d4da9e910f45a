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


class PaneName(Static):
    """One name on the strip."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(Content(pane.value.capitalize()), id=f"tab-{pane.value}")
        self.pane = pane

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(PaneStrip.Picked(self.pane))


class PaneStrip(Horizontal):
    """One line."""

    DEFAULT_CSS: ClassVar[str] = """
    PaneStrip { height: 1; background: $surface; }
    PaneStrip > PaneName { width: auto; padding: 0 1; color: $text-muted; }
    PaneStrip > PaneName:hover { background: $block-hover-background; }
    PaneStrip > PaneName.-current { color: $text; text-style: bold reverse; }
    """

    @dataclass
    class Picked(Message):
        """Show this pane."""

        pane: Pane

    def compose(self) -> ComposeResult:
        for pane in Pane:
            yield PaneName(pane)

    def show(self, current: frozenset[Pane]) -> None:
        """Mark the panes in sight."""
        for name in self.query(PaneName):
            name.set_class(name.pane in current, "-current")

    def note(self, pane: Pane, symbol: str) -> None:
        """Put a symbol behind a name: there is something to look at."""
        words = f"{pane.value.capitalize()} {symbol}".rstrip()
        self.query_one(f"#tab-{pane.value}", Static).update(Content(words))

"""The tabs that name the study screen's panes."""

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
    """The tab of one pane; a click shows the pane."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(Content(pane.value.capitalize()), id=f"tab-{pane.value}")
        self.pane = pane

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(PaneTabs.Selected(self.pane))


class PaneTabs(Horizontal):
    """A line of tabs, one for each pane; those of the visible panes are highlighted."""

    DEFAULT_CSS: ClassVar[str] = """
    PaneTabs { height: 1; background: $surface; }
    PaneTabs > PaneTab { width: auto; padding: 0 1; color: $text-muted; }
    PaneTabs > PaneTab:hover { background: $block-hover-background; }
    PaneTabs > PaneTab.-current { color: $text-accent; background: $panel; text-style: bold underline; }
    """

    @dataclass
    class Selected(Message):
        """A tab was clicked."""

        pane: Pane

    def compose(self) -> ComposeResult:
        for pane in Pane:
            yield PaneTab(pane)

    def highlight(self, visible: frozenset[Pane]) -> None:
        """Highlight the tabs of the visible panes."""
        for tab in self.query(PaneTab):
            tab.set_class(tab.pane in visible, "-current")

    def mark(self, pane: Pane, symbol: str) -> None:
        """Show a symbol after the name of a pane with new content. An empty symbol removes it."""
        label = f"{pane.value.capitalize()} {symbol}".rstrip()
        self.query_one(f"#tab-{pane.value}", Static).update(Content(label))

"""The line at the top of every screen: its heading, today's numbers and the sandbox tier."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from quizapp.tui.widgets.columns import justify

SYMBOLS = {"partial": "◐", "process": "○", "none": "✗", "": "…"}
"""Sandbox tier -> symbol; the tier is empty while the sandbox warms up."""


class TopBar(Widget):
    """A bar with the heading on the left and the facts on the right."""

    DEFAULT_CSS: ClassVar[str] = """
    TopBar { height: 1; dock: top; padding: 0 1; background: $panel; color: $foreground; }
    """

    heading = reactive("", init=False)
    facts = reactive("", init=False)
    tier = reactive("", init=False)

    def __init__(self, heading: str) -> None:
        super().__init__()
        self.set_reactive(TopBar.heading, heading)

    def on_mount(self) -> None:
        # A screen may be opened after the sandbox has started.
        self.set_reactive(TopBar.tier, getattr(self.app, "tier", ""))

    def render(self) -> Content:
        # A full sandbox is the normal case, and not worth a place.
        sandbox = "" if self.tier == "full" else f"sandbox {SYMBOLS.get(self.tier, '?')} {self.tier or 'warming up'}"
        right = " · ".join(filter(None, (self.facts, sandbox)))
        line = justify(self.heading, right, self.content_size.width)
        return Content(line).stylize("bold", 0, len(self.heading))

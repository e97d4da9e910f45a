"""The line atop every screen: where one is, what today has brought, and how strong the sandbox is."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from quizapp.text.counting import plural
from quizapp.tui.widgets.columns import spread

SYMBOLS = {"full": "●", "partial": "◐", "process": "○", "none": "✗", "": "…"}
"""What stands before a tier's name; `` while the sandbox warms up."""


class TopBar(Widget):
    """One line; the left end says where, the right end says how."""

    DEFAULT_CSS: ClassVar[str] = """
    TopBar { height: 1; dock: top; padding: 0 1; background: $panel; color: $foreground; }
    """

    place = reactive("", init=False)
    facts = reactive("", init=False)
    tier = reactive("", init=False)

    def __init__(self, place: str) -> None:
        super().__init__()
        self.set_reactive(TopBar.place, place)

    def on_mount(self) -> None:
        self.set_reactive(TopBar.tier, getattr(self.app, "tier", ""))

    def today(self, reviews: int, minutes: float, streak: int) -> None:
        """Say how much was done today, and for how many days in a row."""
        facts = [f"{reviews} done, {minutes:.0f} min today"]
        if streak:
            facts.append(f"{plural(streak, 'day')} in a row")
        self.facts = " · ".join(facts)

    def render(self) -> Content:
        sandbox = f"sandbox {SYMBOLS.get(self.tier, '?')} {self.tier or 'warming up'}"
        right = " · ".join(filter(None, (self.facts, sandbox)))
        line = spread(self.place, right, self.content_size.width)
        return Content(line).stylize("bold", 0, len(self.place))

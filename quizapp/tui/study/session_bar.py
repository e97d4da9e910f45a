"""The top line of a study session: the card, what is left, and how far the session is."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from quizapp.review.remaining import Remaining
from quizapp.review.session_summary import Summary
from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.columns import fit

PROGRESS_WIDTH = 16
"""Cells of the progress bar."""

NARROW_WIDTH = 70
"""Width below which the progress bar is left out."""

WARNINGS = {"partial": "sandbox: partial", "process": "sandbox: process only", "none": "no sandbox"}
"""Sandbox tier -> its warning; the tier `full` needs none."""


class SessionBar(Widget):
    """A bar with deck and title on the left and the progress of the session on the right."""

    DEFAULT_CSS: ClassVar[str] = """
    SessionBar { height: 1; dock: top; padding: 0 1; background: $panel; color: $foreground; }
    """

    heading = reactive("")
    remaining = reactive(Remaining())
    totals = reactive(Summary())
    tier = reactive("")

    def on_mount(self) -> None:
        # A screen may be opened after the sandbox has started.
        self.set_reactive(SessionBar.tier, getattr(self.app, "tier", ""))

    def render(self) -> Content:
        width = self.content_size.width
        right = _facts(self.remaining, self.totals, self.tier, has_bar=width >= NARROW_WIDTH)
        heading = Content.styled(fit(self.heading, max(0, width - right.cell_length - 2)), "bold")
        return Content.assemble(heading, "  ", right)


def _facts(remaining: Remaining, totals: Summary, tier: str, *, has_bar: bool) -> Content:
    left = remaining
    parts = [
        Content.styled(f"{count} {name}", "" if count else MUTED)
        for name, count in (("new", left.new), ("learning", left.learning), ("due", left.due))
    ]
    counts = Content(" · ").join(parts)
    minutes = Content.styled(f"{totals.minutes:.0f} min", MUTED)
    bar = [progress_bar(totals.reviews, totals.reviews + remaining.total, PROGRESS_WIDTH)] if has_bar else []
    warning = [Content.styled(WARNINGS[tier], "$text-warning")] if tier in WARNINGS else []
    return Content("  ").join([*warning, counts, *bar, minutes])


def progress_bar(done: int, total: int, width: int) -> Content:
    """Return a thin bar of `width` cells, filled to `done` of `total`."""
    filled = round(width * done / total) if total else width
    return Content.assemble(("━" * filled, "$accent"), ("━" * (width - filled), "$text 20%"))

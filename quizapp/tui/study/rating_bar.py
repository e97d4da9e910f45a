"""The four rating buttons, each with the interval that follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Button

from quizapp.review.memory import Rating
from quizapp.text.durations import short_duration

if TYPE_CHECKING:
    from quizapp.review.rating import Proposal
    from quizapp.tui.messages import Intervals

BUTTON_PADDING = 3
"""Cells that a button needs beside its label, unless the bar is narrow."""

COLOURS: dict[Rating, str] = {
    Rating.AGAIN: "error",
    Rating.HARD: "warning",
    Rating.GOOD: "success",
    Rating.EASY: "primary",
}


class RatingButton(Button):
    """The button of one rating."""

    def __init__(self, rating: Rating) -> None:
        super().__init__("", compact=True, variant=COLOURS[rating], id=f"rate-{rating.value}")  # type: ignore[arg-type]
        self.rating = rating


class RatingBar(Horizontal):
    """A line of rating buttons, visible once the card can be rated. The proposed rating has the focus."""

    DEFAULT_CSS = """
    RatingBar { height: 1; display: none; background: $panel; align-horizontal: right; }
    RatingBar.-open { display: block; }
    RatingBar > Button { width: auto; min-width: 10; margin: 0 1 0 0; padding: 0 1; }
    RatingBar > Button:focus { text-style: bold reverse; }
    RatingBar.-narrow > Button { margin: 0; padding: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "screen.scroll_tab(-1)", show=False),
        Binding("down", "screen.scroll_tab(1)", show=False),
        Binding("pageup", "screen.scroll_tab(-8)", show=False),
        Binding("pagedown", "screen.scroll_tab(8)", show=False),
    ]

    @dataclass
    class Rated(Message):
        """The learner chose a rating."""

        rating: Rating

    def compose(self) -> ComposeResult:
        for rating in Rating:
            yield RatingButton(rating)

    def open(self, proposal: Proposal, intervals: Intervals) -> None:
        """Show the buttons and focus the proposed one, so that Enter accepts it."""
        self.add_class("-open")
        labels = _labels(proposal, intervals, narrow=False)
        narrow = sum(len(label) + BUTTON_PADDING for label in labels.values()) > self.screen.size.width
        self.set_class(narrow, "-narrow")
        labels = _labels(proposal, intervals, narrow=True) if narrow else labels
        for button in self.query(RatingButton):
            button.display = button.rating in labels
            if button.display:
                button.label = Content(labels[button.rating])
                # The automatic width would be that of an earlier label.
                button.refresh(layout=True)
            if button.rating is proposal.rating:
                button.focus()

    def close(self) -> None:
        self.remove_class("-open")

    @property
    def is_open(self) -> bool:
        return self.has_class("-open")

    @on(Button.Pressed)
    def rate(self, event: Button.Pressed) -> None:
        event.stop()
        assert isinstance(event.button, RatingButton)
        self.post_message(self.Rated(event.button.rating))


def _labels(proposal: Proposal, intervals: Intervals, *, narrow: bool) -> dict[Rating, str]:
    labels = {}
    for rating, interval in intervals.items():
        mark = "›" if rating is proposal.rating else " "
        labels[rating] = f"{mark}{rating.value} {rating.label} {_interval(interval, narrow)}"
    return labels


def _interval(interval: timedelta | None, narrow: bool) -> str:
    if interval is None:
        return ""
    return short_duration(interval).replace(" ", "") if narrow else f"· {short_duration(interval)}"

"""The status line: what happened, what to do next, or what the screen is waiting for."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import ClassVar

from textual.reactive import reactive
from textual.widgets import Static

from quizapp.text.printable import visible

SPINNER = "◐◓◑◒"


class StatusBar(Static):
    """A line above the key hints; an error may take up to four lines."""

    DEFAULT_CSS: ClassVar[str] = """
    StatusBar { height: auto; min-height: 1; max-height: 4; padding: 0 1; color: $text-muted; }
    StatusBar.-running { color: $text-accent; text-style: bold; }
    StatusBar.-error { color: $text-error; }
    """

    progress = reactive[Callable[[], str] | None](None, init=False)
    """Returns what the screen is waiting for, called at each tick; None when it is not waiting."""

    def __init__(self, text: str) -> None:
        super().__init__(text, id="status", markup=False)
        self._since = 0.0

    def on_mount(self) -> None:
        self.set_interval(0.2, self._tick)

    def show_status(self, text: str, *, error: bool = False) -> None:
        """Show a message and stop any progress display."""
        self.progress = None
        self.update(visible(text))
        self.set_class(error, "-error")

    def show_progress(self, progress: Callable[[], str]) -> None:
        """Show what the screen is waiting for, and for how long, until `show_status` is called."""
        self._since = monotonic()
        self.remove_class("-error")
        self.progress = progress
        self._tick()

    def watch_progress(self, progress: Callable[[], str] | None) -> None:
        self.set_class(progress is not None, "-running")

    def _tick(self) -> None:
        if self.progress is not None:
            now = monotonic()
            spinner = SPINNER[int(now * 5) % len(SPINNER)]
            self.update(f"{spinner} {self.progress()} … {int(now - self._since)} s   Esc cancels")

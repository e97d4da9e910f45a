"""The line above the keys: what happened, what to do next, or what is being waited for."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import ClassVar

from textual.reactive import reactive
from textual.widgets import Static

from quizapp.text.printable import visible

SPINNER = "◐◓◑◒"


class StatusBar(Static):
    """One line; an error takes as many as it needs."""

    DEFAULT_CSS: ClassVar[str] = """
    StatusBar { height: auto; min-height: 1; max-height: 4; padding: 0 1; color: $text-muted; }
    StatusBar.-running { color: $text-accent; text-style: bold; }
    StatusBar.-error { color: $text-error; }
    """

    waits_for = reactive[Callable[[], str] | None](None, init=False)
    """What is being waited for, asked again and again; None while nothing is."""

    def __init__(self, text: str) -> None:
        super().__init__(text, id="status", markup=False)
        self._since = 0.0

    def on_mount(self) -> None:
        self.set_interval(0.2, self._tick)

    def say(self, text: str, *, error: bool = False) -> None:
        """Say it; whatever was waited for has come."""
        self.waits_for = None
        self.update(visible(text))
        self.set_class(error, "-error")

    def wait(self, words: Callable[[], str]) -> None:
        """Keep saying what is being waited for, and for how long."""
        self._since = monotonic()
        self.remove_class("-error")
        self.waits_for = words
        self._tick()

    def watch_waits_for(self, words: Callable[[], str] | None) -> None:
        self.set_class(words is not None, "-running")

    def _tick(self) -> None:
        if self.waits_for is not None:
            now = monotonic()
            spinner = SPINNER[int(now * 5) % len(SPINNER)]
            self.update(f"{spinner} {self.waits_for()} … {int(now - self._since)} s   Esc cancels")

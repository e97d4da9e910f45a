"""Waiting for an app's frames, and the time from a key to the frame that shows its effect."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from textual import events
from textual.app import App

TIMEOUT = 30.0
"""Seconds after which a frame that does not come ends the benchmark."""

QUIET = 0.1
"""Seconds without a frame after which an app is idle."""


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(TIMEOUT):
        while not condition():
            await asyncio.sleep(0)


class Paints:
    """Counts the frames of an app by wrapping the method that writes them to the terminal."""

    def __init__(self, app: App[None]) -> None:
        self.count = 0
        self._display = app._display
        app._display = self._drawn  # type: ignore[assignment, method-assign]

    def _drawn(self, *drawing: Any) -> None:
        self._display(*drawing)
        self.count += 1

    async def next(self) -> None:
        """Wait until something is drawn."""
        before = self.count
        await until(lambda: self.count > before)

    async def settle(self) -> None:
        """Wait until nothing has been drawn for `QUIET` seconds."""
        before = -1
        while self.count != before:
            before = self.count
            await asyncio.sleep(QUIET)


async def to_paint(app: App[None], paints: Paints, key: events.Key, effect: Callable[[], object]) -> float:
    """Return the milliseconds until the effect of a key is drawn."""
    before = effect()
    start = time.perf_counter()
    app.post_message(key)
    await until(lambda: effect() != before)
    await paints.next()
    return (time.perf_counter() - start) * 1000


async def until_shown(paints: Paints, start: float, is_shown: Callable[[], object]) -> float:
    """Return the milliseconds from `start` to the frame after `is_shown` became true."""
    await until(is_shown)
    await paints.next()
    return (time.perf_counter() - start) * 1000

"""The time of a process tree without the time that it waits for a processor of a busy machine."""

from __future__ import annotations

import time

from quizapp.sandbox.host.usage import processor_use
from quizapp.sandbox.jail.rlimits import PROCESSORS

WALL_FACTOR = 10
"""Limit of the wall time, as a multiple of a limit of own time: a busy machine may slow a process down so much."""


class OwnTime:
    """The own time of one process tree from now on."""

    def __init__(self, pid: int) -> None:
        self.started = time.monotonic()
        self._pid = pid
        self._before = processor_use(pid)

    def seconds(self) -> float:
        """Return the own time so far.

        Processes that wait for each other's processors count together: their time is at least that of all of them,
        divided among all processors.
        """
        use = processor_use(self._pid)
        waited = max(0.0, use.waiting - self._before.waiting)
        shared = (use.running - self._before.running) / PROCESSORS
        return max(time.monotonic() - self.started - waited, shared, 0.0)

    def left(self, limit: float) -> float:
        """Return the seconds until the own time, or WALL_FACTOR times as much wall time, exceeds `limit`."""
        wall_left = WALL_FACTOR * limit - (time.monotonic() - self.started)
        return min(limit - self.seconds(), wall_left)

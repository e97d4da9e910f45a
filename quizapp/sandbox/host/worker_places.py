"""The places for workers that a pool may have at a time, and the killed workers that still occupy some."""

from __future__ import annotations

import threading

from quizapp.sandbox.host.process import Worker

END_POLL_SECONDS = 0.005
"""Interval at which killed workers are looked at until they have ended."""


class WorkerPlaces:
    """Counts places; a worker keeps its own until its descriptors and its folder are gone.

    `changed` is the condition of the pool: its lock protects the numbers, and it is notified when a place is free.
    """

    def __init__(self, changed: threading.Condition, count: int) -> None:
        self._changed = changed
        self._free = count
        self._dead: list[Worker] = []

    @property
    def has_dead(self) -> bool:
        """Whether killed workers still have to be cleaned up."""
        return bool(self._dead)

    def take(self, *, leave: int = 0) -> bool:
        """Take a place if more than `leave` are free; return whether it was taken."""
        with self._changed:
            if self._free <= leave:
                return False
            self._free -= 1
            return True

    def give_back(self) -> None:
        """Free a place that was taken."""
        with self._changed:
            self._free += 1
            self._changed.notify_all()

    def bury(self, worker: Worker) -> None:
        """Clean up after a killed worker later, so that the caller does not wait for its end."""
        with self._changed:
            self._dead.append(worker)
            self._changed.notify_all()

    def clean_up(self) -> None:
        """Clean up after all killed workers that have ended."""
        with self._changed:
            cleanable = [worker for worker in self._dead if worker.is_cleanable]
            self._dead = [worker for worker in self._dead if worker not in cleanable]
        for worker in cleanable:
            self.remove(worker)

    def remove_all(self) -> None:
        """Clean up after every killed worker, also those that have not ended yet."""
        while self._dead:
            self.remove(self._dead.pop())

    def remove(self, worker: Worker) -> None:
        """Kill a worker, clean up after it and free its place."""
        worker.discard()
        self.give_back()

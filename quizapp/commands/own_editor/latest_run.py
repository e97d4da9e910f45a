"""Runs of answers in a thread, of which only the latest counts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Job:
    """Work for the thread, and what the caller's thread does with its result."""

    work: Callable[[], Any]
    show: Callable[[Any], None]


class LatestRun:
    """Runs one job at a time. A newer job cancels the current one, and takes the place of one that has not begun."""

    def __init__(self, cancel: Callable[[], None]) -> None:
        """`cancel` cancels what a job runs; it may be called repeatedly."""
        self._cancel = cancel
        self._executor = ThreadPoolExecutor(1, "answer")
        self._current: tuple[Job, Future[Any]] | None = None
        self._next: Job | None = None

    @property
    def is_running(self) -> bool:
        return self._current is not None

    def submit(self, work: Callable[[], Result], show: Callable[[Result], None]) -> None:
        """Run `work` in the thread; `poll` then calls `show` with its result."""
        job = Job(work, show)
        if self._current is None:
            self._current = job, self._executor.submit(job.work)
        else:
            self._next = job

    def poll(self, seconds: float) -> None:
        """Wait at most `seconds` for the current job and show its result, unless a newer job was submitted.

        Raises the exception of the job.
        """
        if self._current is None:
            return
        if self._next is not None:
            # Repeatedly, because a job that has only begun runs nothing yet that could be cancelled.
            self._cancel()
        job, future = self._current
        if not wait([future], seconds).done:
            return
        self._current = None
        if self._next is None:
            job.show(future.result())
        else:
            newer, self._next = self._next, None
            self._current = newer, self._executor.submit(newer.work)

    def close(self) -> None:
        """Cancel the current job and wait for its end."""
        self._next = None
        self._cancel()
        self._executor.shutdown(cancel_futures=True)

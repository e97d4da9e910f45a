"""Of several runs, the latest counts."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from quizapp.commands.own_editor.latest_run import LatestRun

TIMEOUT = 10.0


@pytest.fixture
def cancelled() -> Event:
    """Set when runs are cancelled."""
    return Event()


@pytest.fixture
def runs(cancelled: Event) -> Iterator[LatestRun]:
    runs = LatestRun(cancelled.set)
    yield runs
    runs.close()


def finish(runs: LatestRun) -> None:
    while runs.is_running:
        runs.poll(TIMEOUT)


def test_the_result_is_shown_by_the_caller(runs: LatestRun) -> None:
    shown: list[int] = []
    runs.submit(lambda: 1, shown.append)
    finish(runs)
    assert shown == [1]


def test_newer_runs_cancel_the_current_one_and_only_the_last_is_shown(runs: LatestRun, cancelled: Event) -> None:
    shown: list[object] = []
    begun: list[int] = []
    runs.submit(lambda: cancelled.wait(TIMEOUT), shown.append)
    runs.submit(lambda: begun.append(2), shown.append)
    runs.submit(lambda: 3, shown.append)
    finish(runs)
    assert (shown, begun) == ([3], [])


def test_a_run_may_start_another(runs: LatestRun) -> None:
    shown: list[int] = []
    runs.submit(lambda: 1, lambda first: runs.submit(lambda: first + 1, shown.append))
    finish(runs)
    assert shown == [2]


def test_the_exception_of_a_run_is_raised_unless_a_newer_one_was_submitted(runs: LatestRun) -> None:
    def fail() -> None:
        raise ValueError

    runs.submit(fail, lambda _: None)
    with pytest.raises(ValueError):
        finish(runs)
    shown: list[int] = []
    runs.submit(fail, lambda _: None)
    runs.submit(lambda: 1, shown.append)
    finish(runs)
    assert shown == [1]

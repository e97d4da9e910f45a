"""The sandbox itself in trouble: its processes killed, its runs cancelled, used from many threads, closed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quizapp.errors import SandboxError
from quizapp.sandbox.client import JudgeFailed, Sandbox
from quizapp.sandbox.protocol import Ending, Expression, Limits, Run
from tests.sandbox.conftest import LAYERS
from tests.sandbox.runs import run, observe

GENEROUS_LIMITS = Limits(seconds=30)


@pytest.fixture
def own() -> Iterator[Sandbox]:
    """A sandbox that a test may break."""
    with Sandbox(judge=JUDGE, layers=LAYERS) as started:
        started.wait()
        yield started


def test_a_killed_zygote_is_replaced_and_the_next_answer_is_graded(own: Sandbox) -> None:
    _kill_zygote(own)
    assert observe(own, "answer = 5", "answer") == [5]


def test_every_idle_process_may_die(own: Sandbox) -> None:
    for pid in own.processes():
        os.kill(pid, signal.SIGKILL)
    assert observe(own, "answer = 5", "answer") == [5]
    assert own.judge(_question())


def test_a_run_under_way_is_run_again_when_the_zygote_dies(own: Sandbox) -> None:
    # The first run dies with the zygote; the second is what is reported.
    waiting = threading.Timer(0.5, _kill_zygote, [own])
    waiting.start()
    report = own.submit(
        Run("import time\ntime.sleep(1)\nanswer = 5", (Expression(0, "answer"),), limits=GENEROUS_LIMITS)
    )
    waiting.join()
    assert report.ending in (Ending.FINISHED, Ending.INTERNAL)
    assert observe(own, "answer = 5", "answer") == [5]


def test_a_cancelled_run_ends_at_once_and_says_so(own: Sandbox) -> None:
    started = threading.Event()

    def cancel() -> None:
        started.wait()
        while not own._running:
            pass
        own.cancel()

    helper = threading.Thread(target=cancel)
    helper.start()
    started.set()
    report = own.submit(Run("while True: pass", (), limits=GENEROUS_LIMITS))
    helper.join()
    assert (report.ending, report.detail) == (Ending.CRASHED, "cancelled")


def test_runs_from_many_threads_do_not_mix(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: observe(sandbox, f"answer = {number}", "answer"), range(24)))
    assert answers == [[number] for number in range(24)]


def test_a_run_beyond_its_time_is_ended_from_outside(sandbox: Sandbox) -> None:
    report = run(sandbox, "while True: pass", limits=Limits(seconds=0.3))
    assert (report.ending, report.detail) == (Ending.TIMEOUT, "still running after 0.3 s")


def test_output_until_the_limit_is_kept(sandbox: Sandbox) -> None:
    report = run(sandbox, "while True: print('spam')", limits=Limits(seconds=30, output=1000))
    assert report.ending is Ending.OUTPUT
    assert report.stdout.startswith("spam\nspam") and len(report.stdout) <= 1000


def test_checks_that_were_observed_before_the_end_are_kept(sandbox: Sandbox) -> None:
    report = run(sandbox, "", "1", ("2", "while True: pass"), "3", limits=Limits(seconds=1))
    assert (report.ending, len(report.observations), report.code_ended) == (Ending.TIMEOUT, 1, True)


def test_a_judge_that_fails_is_an_error_and_not_a_verdict() -> None:
    # A module that can be loaded and has no `judge`.
    with Sandbox(judge="json", layers=LAYERS) as sandbox:
        with pytest.raises(JudgeFailed):
            sandbox.judge(_question())
        assert observe(sandbox, "answer = 5", "answer") == [5]


def test_a_closed_sandbox_leaves_nothing_and_runs_nothing() -> None:
    with Sandbox(judge=JUDGE, layers=LAYERS) as sandbox:
        sandbox.wait()
        processes = sandbox.processes()
    assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]
    with pytest.raises(SandboxError, match="closed"):
        sandbox.submit(Run("", ()))


def test_closing_while_it_starts_is_no_trouble() -> None:
    sandbox = Sandbox(judge=JUDGE, layers=LAYERS)
    sandbox.start()
    sandbox.close()


def test_a_judge_that_cannot_be_loaded_is_an_error_with_a_reason() -> None:
    with (
        Sandbox(judge="quizapp.no_such_judge", layers=LAYERS) as sandbox,
        pytest.raises(SandboxError, match="no_such_judge"),
    ):
        sandbox.wait()


def test_many_runs_leave_no_descriptor_and_no_process_behind(sandbox: Sandbox) -> None:
    observe(sandbox, "", "1")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for number in range(40):
        assert observe(sandbox, f"answer = {number}", "answer") == [number]
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 4 * 3
    assert len(sandbox.processes()) <= 8


def _kill_zygote(sandbox: Sandbox) -> None:
    for pid in sandbox._pool._source.processes():  # type: ignore[union-attr]
        os.kill(pid, signal.SIGKILL)


def _question() -> bytes:
    from quizapp.grading.findings import pack

    return pack([])

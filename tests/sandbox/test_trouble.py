"""Failures of the sandbox itself: killed processes, cancelled runs, concurrent use, closing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quizapp.errors import SandboxError
from quizapp.grading.grader import JUDGE
from quizapp.grading.judge_protocol import pack_comparisons
from quizapp.sandbox.client import JudgeFailed, Sandbox
from quizapp.sandbox.protocol import Ending, Expression, Limits, Run
from tests.sandbox.conftest import LAYERS
from tests.sandbox.runs import GENEROUS_LIMITS, observe, run

pytestmark = pytest.mark.jail


def test_a_killed_zygote_is_replaced_and_the_next_answer_is_graded(own_sandbox: Sandbox) -> None:
    _kill_zygote(own_sandbox)
    assert observe(own_sandbox, "answer = 5", "answer") == [5]


def test_killed_idle_processes_are_replaced(own_sandbox: Sandbox) -> None:
    for pid in own_sandbox.processes():
        os.kill(pid, signal.SIGKILL)
    assert observe(own_sandbox, "answer = 5", "answer") == [5]
    assert own_sandbox.judge(_question())


def test_a_run_is_repeated_when_the_zygote_dies_during_it(own_sandbox: Sandbox) -> None:
    # The first run dies with the zygote; the report is that of the second.
    timer = threading.Timer(0.5, _kill_zygote, [own_sandbox])
    timer.start()
    report = own_sandbox.submit(
        Run("import time\ntime.sleep(1)\nanswer = 5", (Expression(0, "answer"),), limits=GENEROUS_LIMITS)
    )
    timer.join()
    assert report.ending in (Ending.FINISHED, Ending.INTERNAL)
    assert observe(own_sandbox, "answer = 5", "answer") == [5]


def test_a_cancelled_run_ends_immediately_and_is_reported_as_cancelled(own_sandbox: Sandbox) -> None:
    def cancel() -> None:
        while not own_sandbox._running:
            pass
        own_sandbox.cancel()

    helper = threading.Thread(target=cancel)
    helper.start()
    report = own_sandbox.submit(Run("while True: pass", (), limits=GENEROUS_LIMITS))
    helper.join()
    assert (report.ending, report.detail) == (Ending.CRASHED, "cancelled")


def test_runs_from_many_threads_are_independent(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: observe(sandbox, f"answer = {number}", "answer"), range(24)))
    assert answers == [[number] for number in range(24)]


def test_a_run_that_exceeds_its_time_is_killed(sandbox: Sandbox) -> None:
    report = run(sandbox, "while True: pass", limits=Limits(seconds=0.3))
    assert (report.ending, report.detail) == (Ending.TIMEOUT, "still running after 0.3 s")


def test_a_run_that_waits_is_ended_at_the_same_time(sandbox: Sandbox) -> None:
    report = run(sandbox, "import time\ntime.sleep(60)", limits=Limits(seconds=0.3))
    assert (report.ending, report.detail) == (Ending.TIMEOUT, "still running after 0.3 s")


def test_processes_that_compete_with_each_other_count_together(sandbox: Sandbox) -> None:
    code = "import os\nfor _ in range(8):\n    if os.fork() == 0:\n        while True: pass\nwhile True: pass"
    assert run(sandbox, code, limits=Limits(seconds=0.3)).ending is Ending.TIMEOUT


@pytest.mark.slow
def test_waiting_for_a_busy_processor_does_not_count(sandbox: Sandbox) -> None:
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4 * (os.cpu_count() or 1))]
    try:
        code = "import time\nwhile time.process_time() < 0.4: pass"
        report = run(sandbox, code, "1", limits=Limits(seconds=0.6))
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert report.ending is Ending.FINISHED


def test_output_up_to_the_limit_is_reported(sandbox: Sandbox) -> None:
    report = run(sandbox, "while True: print('spam')", limits=Limits(seconds=30, output=1000))
    assert report.ending is Ending.OUTPUT
    assert report.stdout.startswith("spam\nspam") and len(report.stdout) <= 1000


def test_checks_observed_before_a_timeout_are_reported(sandbox: Sandbox) -> None:
    report = run(sandbox, "", "1", ("2", "while True: pass"), "3", limits=Limits(seconds=1))
    assert (report.ending, len(report.observations), report.code_ended) == (Ending.TIMEOUT, 1, True)


def test_a_judge_that_fails_is_an_error_and_not_a_verdict() -> None:
    # A module that can be imported but has no `judge`.
    with Sandbox(judge="json", layers=LAYERS) as sandbox:
        with pytest.raises(JudgeFailed):
            sandbox.judge(_question())
        assert observe(sandbox, "answer = 5", "answer") == [5]


def test_a_closed_sandbox_leaves_no_process_and_refuses_runs() -> None:
    with Sandbox(judge=JUDGE, layers=LAYERS) as sandbox:
        sandbox.wait()
        processes = sandbox.processes()
    assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]
    with pytest.raises(SandboxError, match="closed"):
        sandbox.submit(Run("", ()))


CLOSED_EARLY = """
import contextlib, ctypes, glob, json, os, tempfile, threading, time
from quizapp.grading.grader import JUDGE
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.usage import process_tree
from quizapp.sandbox.jail.layers import Layers
# As a subreaper, this process also finds orphans: PR_SET_CHILD_SUBREAPER in prctl(2).
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
sandbox = Sandbox(judge=JUDGE, layers=Layers(**{layers!r}))
sandbox.start()
while not ({condition}):
    time.sleep(0.001)
assert not sandbox.ready
sandbox.close()
deadline = time.monotonic() + 20
while (left := process_tree(os.getpid())[1:]) and time.monotonic() < deadline:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    time.sleep(0.01)
folders = glob.glob(tempfile.gettempdir() + f"/ptquiz-{{os.getpid()}}-*")
print(json.dumps([left, folders, [thread.name for thread in threading.enumerate()]]))
"""


@pytest.mark.parametrize(
    "condition",
    ["True", "process_tree(os.getpid())[1:]", "sandbox._workers.pool._lent.total()"],
    ids=["at once", "while torch is imported", "during the probe"],
)
def test_closing_during_the_start_leaves_no_process_folder_or_thread(condition: str) -> None:
    program = CLOSED_EARLY.format(layers=LAYERS.facts(), condition=condition)
    completed = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=120)
    assert completed.returncode == 0, completed.stderr
    assert json.loads(completed.stdout) == [[], [], ["MainThread"]]


def test_a_sandbox_without_a_judge_runs_code_and_says_that_it_has_none() -> None:
    with Sandbox(layers=LAYERS) as sandbox:
        assert observe(sandbox, "answer = 5", "answer") == [5]
        with pytest.raises(SandboxError, match="this sandbox has no judge"):
            sandbox.judge(_question())
        sandbox.wait()
        assert all(spec.kind == "learner" for spec, spares in sandbox._workers.pool._spares.items() if spares)


def test_a_judge_that_cannot_be_loaded_is_an_error_with_a_reason() -> None:
    with (
        Sandbox(judge="quizapp.no_such_judge", layers=LAYERS) as sandbox,
        pytest.raises(SandboxError, match="no_such_judge"),
    ):
        sandbox.wait()


def test_many_runs_leave_no_descriptor_and_no_process(sandbox: Sandbox) -> None:
    observe(sandbox, "", "1")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for number in range(40):
        assert observe(sandbox, f"answer = {number}", "answer") == [number]
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 4 * 3
    assert len(sandbox.processes()) <= 8


def _kill_zygote(sandbox: Sandbox) -> None:
    for pid in sandbox._workers.pool._source.processes():  # type: ignore[union-attr]
        os.kill(pid, signal.SIGKILL)


def _question() -> bytes:
    return pack_comparisons([])

"""Many runs at a time: open descriptors stay bounded, the dead are cleaned up first, and failures have a reason."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from quizapp.errors import SandboxCrashed, SandboxError
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.pool import Pool
from quizapp.sandbox.host.pool_thread import PoolThread
from quizapp.sandbox.host.process import Worker, WorkerRefused, WorkerSpec
from quizapp.sandbox.host.zygote_client import ZygoteClient
from quizapp.sandbox.protocol import Ending, Expression, Run
from tests.sandbox.conftest import LAYERS
from tests.sandbox.runs import observe

pytestmark = pytest.mark.jail

MANY = """
import json, os, resource
from concurrent.futures import ThreadPoolExecutor
from quizapp.sandbox import client
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.protocol import Expression, Run
resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files}))
held = [os.open(os.devnull, os.O_RDONLY) for _ in range({held})]
peak = 0
def submit(number):
    global peak
    report = sandbox.submit(Run(f"answer = {{number}}", (Expression(0, "answer"),)))
    peak = max(peak, len(os.listdir("/proc/self/fd")))
    return report.ending, report.detail
with client.Sandbox(layers=Layers(**{layers!r})) as sandbox, ThreadPoolExecutor({jobs}) as threads:
    sandbox.wait()
    endings = sorted(set(threads.map(submit, range({runs}))))
print(json.dumps([endings, peak]))
"""
FINISHED = [["finished", ""]]


def submit_many(**numbers: int) -> tuple[list[list[str]], int]:
    """Submit runs in a process of its own; return how they ended, and the most descriptors that were open."""
    code = MANY.format(layers=json.loads(json.dumps(LAYERS.facts())), **numbers)
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    endings, peak = json.loads(output)
    return endings, peak


@pytest.mark.slow
def test_few_descriptors_suffice_for_many_jobs() -> None:
    endings, peak = submit_many(files=256, held=0, jobs=64, runs=150)
    assert endings == FINISHED and peak <= 256


@pytest.mark.slow
@pytest.mark.parametrize("files", [40, 64, 100])
def test_very_few_descriptors_suffice(files: int) -> None:
    assert submit_many(files=files, held=0, jobs=1, runs=3)[0] == FINISHED


@pytest.mark.slow
def test_descriptors_beyond_1024_can_be_waited_for() -> None:
    assert submit_many(files=4096, held=1100, jobs=4, runs=20)[0] == FINISHED


@pytest.mark.slow
def test_descriptors_are_bounded_by_the_jobs() -> None:
    endings, peak = submit_many(files=4096, held=0, jobs=8, runs=150)
    # Before the dead were cleaned up first, there were several times as many.
    assert endings == FINISHED and peak < 200


class Refusing(ZygoteClient):
    """A zygote that refuses its third and fourth worker."""

    requests = itertools.count(1)

    def create_worker(self, spec: WorkerSpec, dry_run: bool) -> Worker:
        if next(self.requests) in (3, 4):
            raise WorkerRefused("no new process")
        return super().create_worker(spec, dry_run)


class Faulty(ZygoteClient):
    """A zygote whose client has a bug that only the sandbox's own thread meets, when it creates a second worker."""

    requests = 0

    def create_worker(self, spec: WorkerSpec, dry_run: bool) -> Worker:
        self.requests += 1
        if self.requests > 1 and threading.current_thread().name == "sandbox pool":
            raise ZeroDivisionError("a bug")
        return super().create_worker(spec, dry_run)


def test_a_refused_worker_is_tried_again_without_killing_the_others() -> None:
    with Sandbox(layers=LAYERS, source=Refusing) as sandbox:
        sandbox.wait()
        before = sandbox._workers.pool._source
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda number: observe(sandbox, f"answer = {number}", "answer"), range(8)))
        assert answers == [[number] for number in range(8)]
        assert sandbox._workers.pool._source is before


def test_an_unexpected_exception_in_the_sandboxs_thread_reaches_every_caller() -> None:
    with Sandbox(layers=LAYERS, source=Faulty) as sandbox:
        with pytest.raises(SandboxCrashed, match="ZeroDivisionError: a bug") as caught:
            while True:
                sandbox.wait()
                sandbox.submit(Run("", ()))
        assert "in create_worker" in "".join(traceback.format_exception(caught.value.__cause__))
        for _ in range(2):
            with pytest.raises(SandboxCrashed, match="a bug"):
                sandbox.wait()


def test_a_run_that_meets_the_exception_reports_it() -> None:
    class Broken(Pool):
        def maintain(self) -> None:
            raise LookupError("lost")

    def prepare(hello: dict[str, Any]) -> None:
        assert hello

    thread = PoolThread(Broken(lambda: ZygoteClient("", LAYERS)), "test", prepare)
    thread.start()
    thread._thread.join()
    with pytest.raises(SandboxCrashed, match="LookupError: lost"):
        thread.acquire(WorkerSpec())
    thread.close()
    with pytest.raises(SandboxCrashed, match="LookupError: lost"):
        thread.wait()


def test_a_closed_sandbox_wakes_those_who_wait_for_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.sandbox.host.pool.max_workers", lambda: 1)
    with Sandbox(layers=LAYERS) as sandbox:
        sandbox.wait()
        held = sandbox._workers.acquire(WorkerSpec())
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(sandbox._workers.acquire, WorkerSpec())
            sandbox._workers.pool.stop()
            with pytest.raises(SandboxError, match="closed"):
                waiting.result()
        sandbox._workers.pool.discard(held)


def test_a_spare_makes_room_for_another_kind_of_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.sandbox.host.pool.max_workers", lambda: 2)
    with Sandbox(judge="quizapp.grading.judge.judge", layers=LAYERS) as sandbox:
        for number in range(6):
            run = Run(f"answer = {number}", (Expression(0, "answer"),))
            assert sandbox.submit(run).ending is Ending.FINISHED

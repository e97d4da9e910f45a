"""The app's interface to the sandbox: start it, submit runs, query the judge, and restart what crashes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from types import TracebackType

from quizapp.errors import SandboxError
from quizapp.sandbox.host.pool import Pool, best_source
from quizapp.sandbox.host.probe import AttemptResult, probe_attempts, tier_of
from quizapp.sandbox.host.process import WorkerSource, WorkerSpec
from quizapp.sandbox.host.supervisor import ask_judge, supervise
from quizapp.sandbox.jail.layers import ALL_LAYERS, Layers
from quizapp.sandbox.protocol import Ending, Machine, Report, Run

JUDGE_SECONDS = 30.0
QUESTIONS_PER_JUDGE = 64
"""Requests after which a judge is replaced, because it reads hostile bytes."""

LEARNER, JUDGE, CUDA = WorkerSpec(), WorkerSpec("judge"), WorkerSpec(cuda=True)


class JudgeFailed(SandboxError):
    """The judge crashed or timed out; there is no verdict."""


class Sandbox:
    """Runs code in jailed workers. Thread-safe."""

    def __init__(
        self,
        judge: str = "",
        layers: Layers = ALL_LAYERS,
        source: Callable[[str, Layers], WorkerSource] = best_source,
    ) -> None:
        """Prepare a sandbox; nothing is started yet.

        `judge` is the module that judge processes import; without one, only runs can be submitted. `layers` and
        `source` weaken or replace the jail in tests.
        """
        self._has_judge = bool(judge)
        self._pool = Pool(lambda: source(judge, layers), processors())
        self._lock = threading.Lock()
        self._machine: Machine | None = None
        self._attempts: list[AttemptResult] = []
        self._failure: SandboxError | None = None
        self._started = threading.Event()
        self._maintainer: threading.Thread | None = None
        self._running: set[threading.Event] = set()
        self._closed = False

    def start(self) -> None:
        """Start in a background thread and return immediately; may be called repeatedly."""
        with self._lock:
            if self._maintainer is None and not self._closed:
                self._maintainer = threading.Thread(target=self._run_pool, name="sandbox pool", daemon=True)
                self._maintainer.start()

    @property
    def ready(self) -> bool:
        """Whether runs can be submitted without waiting for the start."""
        return self._started.is_set() and self._machine is not None

    @property
    def machine(self) -> Machine | None:
        """The properties of this machine; None until the sandbox is ready."""
        return self._machine

    def wait(self, timeout: float | None = None) -> Machine:
        """Start if necessary, wait until ready (at most `timeout` seconds), and return this machine's properties.

        Raises SandboxError if no code can be run here, on timeout, or when the sandbox is closed.
        """
        self.start()
        if self._closed:
            raise SandboxError("the sandbox is closed")
        if not self._started.wait(timeout):
            raise SandboxError("the sandbox is not ready yet")
        if self._machine is None:
            raise self._failure or SandboxError("the sandbox is closed")
        return self._machine

    def probe(self) -> list[AttemptResult]:
        """Return the forbidden acts that were attempted at startup, with their results; raises SandboxError."""
        self.wait()
        return list(self._attempts)

    def processes(self) -> set[int]:
        """Return the PIDs of the worker source and of every idle worker."""
        return self._pool.processes()

    def folders(self) -> set[str]:
        """Return the scratch folders of the idle workers."""
        return self._pool.folders()

    def submit(self, run: Run) -> Report:
        """Execute `run` and return a report, whatever the code does.

        Raises SandboxError if no code can be run here.
        """
        self.wait()
        cancelled = threading.Event()
        with self._lock:
            self._running.add(cancelled)
        try:
            report = self._submit_once(run, cancelled)
            # The sandbox failed, not the run: try once more.
            if report.ending is Ending.INTERNAL and not cancelled.is_set():
                report = self._submit_once(run, cancelled)
            return report
        finally:
            with self._lock:
                self._running.discard(cancelled)

    def _submit_once(self, run: Run, cancelled: threading.Event) -> Report:
        try:
            worker = self._pool.acquire(WorkerSpec("learner", run.limits.scratch, run.device == "cuda"))
        except SandboxError as error:
            return Report(Ending.INTERNAL, detail=error.message)
        try:
            report = supervise(run, worker, cancelled)
            self._pool.request_libraries(report.libraries)
            has_crashed = report.ending is Ending.CRASHED and not cancelled.is_set()
            if has_crashed and self._pool.has_lost_source(worker):
                return Report(Ending.INTERNAL, detail="the sandbox crashed")
            return report
        finally:
            self._pool.discard(worker)

    def judge(self, request: bytes) -> bytes:
        """Return the judge module's answer to `request`; raises JudgeFailed, or SandboxError without a judge module."""
        if not self._has_judge:
            raise SandboxError("this sandbox has no judge", "pass the module's name: `Sandbox(judge=...)`")
        self.wait()
        worker = self._pool.acquire(JUDGE)
        answer = ask_judge(worker, request, JUDGE_SECONDS)
        worker.question_count += 1
        if answer is None or worker.question_count >= QUESTIONS_PER_JUDGE:
            self._pool.discard(worker)
        else:
            self._pool.release(worker)
        if answer is None:
            raise JudgeFailed("the judge gave no answer", "this is a bug in ptquiz: please report it with the card")
        return answer

    def cancel(self) -> None:
        """Cancel every run in progress; each reports `crashed` with the detail `cancelled`."""
        with self._lock:
            for event in self._running:
                event.set()

    def close(self) -> None:
        """Cancel all runs and end every process; a closed sandbox cannot be restarted."""
        self.cancel()
        with self._lock:
            self._closed = True
            maintainer = self._maintainer
        self._pool.stop()
        if maintainer is not None:
            maintainer.join()
        self._started.set()

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run_pool(self) -> None:
        """Start the pool, probe this machine, then maintain the pool until closed. Runs in its own thread."""
        try:
            hello = self._pool.open()
            self._attempts = self._probe()
            tier, missing = tier_of(self._attempts)
            cuda = self._cuda(hello)
            self._pool.set_spares(LEARNER, *[JUDGE] * self._has_judge, *[CUDA] * bool(cuda))
            self._machine = Machine(str(hello["python"]), str(hello["torch"]), cuda, tier, missing)
            self._started.set()
            self._pool.maintain()
        except SandboxError as error:
            self._failure = error
            self._machine = None
        finally:
            self._started.set()
            self._pool.close()

    def _probe(self) -> list[AttemptResult]:
        worker = self._pool.acquire(LEARNER)
        try:
            return probe_attempts(worker)
        finally:
            self._pool.discard(worker)

    def _cuda(self, hello: dict[str, object]) -> str | None:
        """Return the name of the first CUDA device, asked in a worker: a process that has used CUDA cannot fork."""
        if not hello.get("cuda"):
            return None
        code = "import torch\nprint(torch.cuda.get_device_name(0))"
        worker = self._pool.acquire(CUDA)
        try:
            report = supervise(Run(code, (), device="cuda"), worker)
        finally:
            self._pool.discard(worker)
        return report.stdout.strip() or None if report.raised is None else None


def processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""The app's interface to the sandbox: start it, submit runs, query the judge, and restart what crashes."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

from quizapp.errors import SandboxError
from quizapp.sandbox.host.cuda_workers import CudaWorkers
from quizapp.sandbox.host.pool import Pool, best_source
from quizapp.sandbox.host.pool_thread import PoolThread
from quizapp.sandbox.host.probe import AttemptResult, probe_attempts, tier_of
from quizapp.sandbox.host.process import WorkerSource, WorkerSpec
from quizapp.sandbox.host.supervisor import ask_judge, supervise
from quizapp.sandbox.jail.cuda_driver import CudaDriver, find_driver
from quizapp.sandbox.jail.layers import ALL_LAYERS, Layers
from quizapp.sandbox.protocol import Ending, Machine, Report, Run

JUDGE_SECONDS = 30.0
"""Limit of the judge's own time for one request, unless the caller sets another."""

QUESTIONS_PER_JUDGE = 64
"""Requests after which a judge is replaced, because it reads hostile bytes."""

LEARNER, JUDGE = WorkerSpec(), WorkerSpec("judge")


class JudgeFailed(SandboxError):
    """The judge crashed or timed out; there is no verdict."""


class Sandbox:
    """Runs code in jailed workers. Thread-safe."""

    def __init__(
        self,
        judge: str = "",
        layers: Layers = ALL_LAYERS,
        source: Callable[[str, Layers], WorkerSource] = best_source,
        driver: CudaDriver | None = None,
    ) -> None:
        """Prepare a sandbox; nothing is started yet.

        `judge` is the module that judge processes import; without one, only runs can be submitted. `layers`, `source`
        and `driver`, which is None for that of this machine, weaken or replace parts in tests.
        """
        self._has_judge = bool(judge)
        self._workers = PoolThread(Pool(lambda: source(judge, layers)), "sandbox pool", self._prepare)
        self._cuda = CudaWorkers(find_driver(os.environ) if driver is None else driver, layers)
        self._lock = threading.Lock()
        self._machine: Machine | None = None
        self._attempts: list[AttemptResult] = []
        self._running: set[threading.Event] = set()

    def start(self) -> None:
        """Start in a background thread and return immediately; may be called repeatedly."""
        self._workers.start()

    @property
    def ready(self) -> bool:
        """Whether runs can be submitted without waiting for the start."""
        return self._workers.is_ready

    @property
    def machine(self) -> Machine | None:
        """The properties of this machine; None until the sandbox is ready."""
        return self._machine if self.ready else None

    def wait(self, timeout: float | None = None) -> Machine:
        """Start if necessary, wait until ready (at most `timeout` seconds), and return this machine's properties.

        Raises SandboxError if no code can be run here, on timeout, or when the sandbox is closed.
        """
        self.start()
        self._workers.wait(timeout)
        assert self._machine is not None
        return self._machine

    def probe(self) -> list[AttemptResult]:
        """Return the forbidden acts that were attempted at startup, with their results; raises SandboxError."""
        self.wait()
        return list(self._attempts)

    def processes(self) -> set[int]:
        """Return the PIDs of the worker sources and of every idle worker."""
        return self._workers.pool.processes() | self._cuda.processes()

    def folders(self) -> set[str]:
        """Return the scratch folders of the idle workers."""
        return self._workers.pool.folders()

    def submit(self, run: Run) -> Report:
        """Execute `run` and return a report, whatever the code does.

        Raises SandboxError if no code can be run here.
        """
        self.wait()
        with self._cancellable() as cancelled:
            report = self._submit_once(run, cancelled)
            # The sandbox failed, not the run: try once more.
            if report.ending is Ending.INTERNAL and not cancelled.is_set():
                report = self._submit_once(run, cancelled)
            return report

    @contextlib.contextmanager
    def _cancellable(self) -> Iterator[threading.Event]:
        """Give an event that `cancel` sets."""
        cancelled = threading.Event()
        with self._lock:
            self._running.add(cancelled)
        try:
            yield cancelled
        finally:
            with self._lock:
                self._running.discard(cancelled)

    def _submit_once(self, run: Run, cancelled: threading.Event) -> Report:
        has_cuda = run.device == "cuda"
        try:
            workers = self._cuda.thread() if has_cuda else self._workers
            worker = workers.acquire(WorkerSpec("learner", run.limits.scratch, has_cuda))
        except SandboxError as error:
            return Report(Ending.INTERNAL, detail=error.message)
        pool = workers.pool
        try:
            report = supervise(run, worker, cancelled)
            pool.request_libraries(report.libraries)
            has_crashed = report.ending is Ending.CRASHED and not cancelled.is_set()
            if has_crashed and pool.has_lost_source(worker):
                return Report(Ending.INTERNAL, detail="the sandbox crashed")
            return report
        finally:
            pool.discard(worker)

    def judge(self, request: bytes, seconds: float = JUDGE_SECONDS) -> bytes:
        """Return the judge module's answer to `request`, which may take it `seconds` of its own time.

        Raises JudgeFailed, or SandboxError if it is cancelled or without a judge module.
        """
        if not self._has_judge:
            raise SandboxError("this sandbox has no judge", "pass the module's name: `Sandbox(judge=...)`")
        self.wait()
        worker, pool = self._workers.acquire(JUDGE), self._workers.pool
        with self._cancellable() as cancelled:
            answer = ask_judge(worker, request, seconds, cancelled)
        worker.question_count += 1
        if answer is None or worker.question_count >= QUESTIONS_PER_JUDGE:
            pool.discard(worker)
        else:
            pool.release(worker)
        if answer is None and cancelled.is_set():
            raise SandboxError("cancelled")
        if answer is None:
            # Closing the sandbox ends the judge too, and is not its failure.
            self.wait()
            raise JudgeFailed("the judge gave no answer", "this is a bug in ptquiz: please report it with the card")
        return answer

    def cancel(self) -> None:
        """Cancel every run in progress, which reports `crashed` with the detail `cancelled`, and every judgement."""
        with self._lock:
            for event in self._running:
                event.set()

    def close(self) -> None:
        """Cancel all runs and end every process; a closed sandbox cannot be restarted."""
        self.cancel()
        self._cuda.close()
        self._workers.close()

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _prepare(self, hello: dict[str, Any]) -> None:
        """Probe this machine and start CUDA, both at the same time; called by the pool's thread."""
        pool, torch = self._workers.pool, str(hello["torch"])
        with ThreadPoolExecutor(1, "sandbox start") as executor:
            started: Future[None] = executor.submit(self._cuda.open, torch, hello["cuda"])
            worker = pool.acquire(LEARNER)
            try:
                self._attempts = probe_attempts(worker)
            finally:
                pool.discard(worker)
            started.result()
        tier, missing = tier_of(self._attempts)
        self._cuda.require(missing)
        pool.set_spares(LEARNER, *[JUDGE] * self._has_judge)
        self._machine = Machine(str(hello["python"]), torch, self._cuda.device, tier, missing, self._cuda.problem)

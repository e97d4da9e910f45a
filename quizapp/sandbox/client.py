"""The app's side of the sandbox: start it, submit runs, ask the judge, and mend what breaks."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from types import TracebackType

from quizapp.errors import SandboxError
from quizapp.sandbox.host.pool import Pool, best_source
from quizapp.sandbox.host.probe import AttemptResult, probe_acts, tier_of
from quizapp.sandbox.host.process import WorkerSource, WorkerSpec
from quizapp.sandbox.host.supervisor import ask, supervise
from quizapp.sandbox.jail.layers import ALL_LAYERS, Layers
from quizapp.sandbox.protocol import Ending, Machine, Report, Run

JUDGE_SECONDS = 30.0
QUESTIONS_PER_JUDGE = 64
"""A judge reads hostile bytes, so none lives long."""

LEARNER, JUDGE, CUDA = WorkerSpec(), WorkerSpec("judge"), WorkerSpec(cuda=True)


class JudgeFailed(SandboxError):
    """The judge died or took too long; no verdict."""


class Sandbox:
    """Runs code in jailed workers. Every method may be called from any thread."""

    def __init__(
        self,
        judge: str = "quizapp.grading.judge.judge",
        layers: Layers = ALL_LAYERS,
        source: Callable[[str, Layers], WorkerSource] = best_source,
    ) -> None:
        """`judge` names the module that the judge's processes load; the others are for trying weaker jails."""
        self._pool = Pool(lambda: source(judge, layers), processors())
        self._lock = threading.Lock()
        self._machine: Machine | None = None
        self._acts: list[AttemptResult] = []
        self._failure: SandboxError | None = None
        self._started = threading.Event()
        self._keeper: threading.Thread | None = None
        self._running: set[threading.Event] = set()
        self._closed = False

    def start(self) -> None:
        """Begin, and return at once."""
        with self._lock:
            if self._keeper is None and not self._closed:
                self._keeper = threading.Thread(target=self._keep, name="sandbox keeper", daemon=True)
                self._keeper.start()

    @property
    def ready(self) -> bool:
        return self._started.is_set() and self._machine is not None

    @property
    def machine(self) -> Machine | None:
        return self._machine

    def wait(self, timeout: float | None = None) -> Machine:
        """What this machine can do, once that is known; raises SandboxError when nothing can be run."""
        self.start()
        if self._closed:
            raise SandboxError("the sandbox is closed")
        if not self._started.wait(timeout):
            raise SandboxError("the sandbox is not ready yet")
        if self._machine is None:
            raise self._failure or SandboxError("the sandbox is closed")
        return self._machine

    def probe(self) -> list[AttemptResult]:
        """Every act that was tried at the start, and what became of it."""
        self.wait()
        return list(self._acts)

    def processes(self) -> set[int]:
        """What the sandbox consists of while it idles."""
        return self._pool.processes()

    def folders(self) -> set[str]:
        """What the sandbox keeps in the folder for temporary files while it idles."""
        return self._pool.folders()

    def submit(self, run: Run) -> Report:
        """Execute `run`; whatever it does, a report comes back. Raises SandboxError when nothing can be run."""
        self.wait()
        cancelled = threading.Event()
        with self._lock:
            self._running.add(cancelled)
        try:
            report = self._once(run, cancelled)
            # Our own failure, not the run's: it gets a second chance.
            if report.ending is Ending.INTERNAL and not cancelled.is_set():
                report = self._once(run, cancelled)
            return report
        finally:
            with self._lock:
                self._running.discard(cancelled)

    def _once(self, run: Run, cancelled: threading.Event) -> Report:
        try:
            worker = self._pool.take(WorkerSpec("learner", run.limits.scratch, run.device == "cuda"))
        except SandboxError as error:
            return Report(Ending.INTERNAL, detail=error.message)
        try:
            report = supervise(run, worker, cancelled)
            self._pool.have_loaded(report.libraries)
            went_away = report.ending is Ending.CRASHED and not cancelled.is_set()
            if went_away and self._pool.died_with_its_source(worker):
                return Report(Ending.INTERNAL, detail="the sandbox went away")
            return report
        finally:
            self._pool.discard(worker)

    def judge(self, request: bytes) -> bytes:
        """The judge module's answer to `request`; raises JudgeFailed."""
        self.wait()
        worker = self._pool.take(JUDGE)
        answer = ask(worker, request, JUDGE_SECONDS)
        worker.questions += 1
        if answer is None or worker.questions >= QUESTIONS_PER_JUDGE:
            self._pool.discard(worker)
        else:
            self._pool.give_back(worker)
        if answer is None:
            raise JudgeFailed("the judge gave no answer", "this is a fault of ptquiz: please report it with the card")
        return answer

    def cancel(self) -> None:
        """End every run under way; each reports `crashed`, with the detail `cancelled`."""
        with self._lock:
            for event in self._running:
                event.set()

    def close(self) -> None:
        """End everything; the sandbox cannot be used again."""
        self.cancel()
        with self._lock:
            self._closed = True
            keeper = self._keeper
        self._pool.stop()
        if keeper is not None:
            keeper.join()
        self._started.set()

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _keep(self) -> None:
        """The keeper's life: begin, find out what this machine can do, then tend the pool."""
        try:
            hello = self._pool.open()
            self._acts = self._probe()
            tier, missing = tier_of(self._acts)
            cuda = self._cuda(hello)
            self._pool.keep(*((LEARNER, JUDGE, CUDA) if cuda else (LEARNER, JUDGE)))
            self._machine = Machine(str(hello["python"]), str(hello["torch"]), cuda, tier, missing)
            self._started.set()
            self._pool.tend()
        except SandboxError as error:
            self._failure = error
            self._machine = None
        finally:
            self._started.set()
            self._pool.close()

    def _probe(self) -> list[AttemptResult]:
        worker = self._pool.take(LEARNER)
        try:
            return probe_acts(worker)
        finally:
            self._pool.discard(worker)

    def _cuda(self, hello: dict[str, object]) -> str | None:
        """The first device's name, asked in a worker: whoever asks CUDA anything can no longer be forked."""
        if not hello.get("cuda"):
            return None
        code = "import torch\nprint(torch.cuda.get_device_name(0))"
        worker = self._pool.take(CUDA)
        try:
            report = supervise(Run(code, (), device="cuda"), worker)
        finally:
            self._pool.discard(worker)
        return report.stdout.strip() or None if report.raised is None else None


def processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

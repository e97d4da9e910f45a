"""The app's side of the sandbox: start it, submit runs, ask the judge, and mend what breaks."""

from __future__ import annotations

import contextlib
import os
import threading
from types import TracebackType
from typing import Any

from quizapp.errors import SandboxError
from quizapp.sandbox import probe
from quizapp.sandbox.layers import ALL_LAYERS, Layers
from quizapp.sandbox.process import Shape, Worker, Zygote
from quizapp.sandbox.protocol import Ending, Machine, Report, Run
from quizapp.sandbox.supervise import ask, supervise

JUDGE_SECONDS = 30.0
QUESTIONS_PER_JUDGE = 64
"""A judge reads hostile bytes, so none lives long."""

SPARE = (Shape(), Shape("judge"))


class JudgeFailed(SandboxError):
    """The judge died or took too long; no verdict."""


class Sandbox:
    """Runs code in jailed workers. Every method may be called from any thread."""

    def __init__(self, judge: str = "quizapp.grading.judge", layers: Layers = ALL_LAYERS) -> None:
        self._judge = judge
        self._layers = layers
        self._lock = threading.RLock()
        self._zygote: Zygote | None = None
        self._machine: Machine | None = None
        self._failure: SandboxError | None = None
        self._started = threading.Event()
        self._spares: dict[Shape, list[Worker]] = {}
        self._wanted = threading.Condition(self._lock)
        self._dead: list[Worker] = []
        self._keeper: threading.Thread | None = None
        self._running: set[threading.Event] = set()
        self._closed = False
        self._acts: list[probe.Act] = []
        self._last_words = ""
        self._threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def start(self) -> None:
        """Spawn the zygote and return at once."""
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
        if not self._started.wait(timeout):
            raise SandboxError("the sandbox is not ready yet")
        if self._machine is None:
            raise self._failure or SandboxError("the sandbox is closed")
        return self._machine

    def probe(self) -> list[probe.Act]:
        """Every act that was tried at the start, and what became of it."""
        self.wait()
        return list(self._acts)

    def submit(self, run: Run) -> Report:
        """Execute `run`; whatever it does, a report comes back. Raises SandboxError when nothing can be run."""
        self.wait()
        cancelled = threading.Event()
        with self._lock:
            self._running.add(cancelled)
        try:
            shape = Shape("learner", run.limits.scratch, run.device == "cuda")
            report = self._once(run, shape, cancelled)
            if report.ending is Ending.INTERNAL and not cancelled.is_set():
                report = self._once(run, shape, cancelled)
            return report
        finally:
            with self._lock:
                self._running.discard(cancelled)

    def _once(self, run: Run, shape: Shape, cancelled: threading.Event) -> Report:
        try:
            worker = self._take(shape)
        except SandboxError as error:
            return Report(Ending.INTERNAL, detail=error.message)
        try:
            report = supervise(run, worker, cancelled)
            if report.ending is Ending.CRASHED and not cancelled.is_set() and not self._zygote_lives():
                return Report(Ending.INTERNAL, detail="the sandbox went away")
            return report
        finally:
            self._discard(worker)

    def judge(self, request: bytes) -> bytes:
        """The judge module's answer to `request`; raises JudgeFailed."""
        self.wait()
        worker = self._take(Shape("judge"))
        answer = ask(worker, request, JUDGE_SECONDS)
        if answer is None:
            self._discard(worker)
            raise JudgeFailed("the judge gave no answer", "this is a fault of ptquiz: please report it with the card")
        worker.questions += 1
        if worker.questions >= QUESTIONS_PER_JUDGE:
            self._discard(worker)
        else:
            self._give_back(worker)
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
            self._wanted.notify_all()
            keeper = self._keeper
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

    def _zygote_lives(self) -> bool:
        zygote = self._zygote
        return zygote is not None and zygote.alive()

    def _take(self, shape: Shape) -> Worker:
        """A ready worker: a spare, or a new one. Raises SandboxError."""
        for _ in range(3):
            with self._lock:
                spares = self._spares.get(shape, [])
                worker = spares.pop() if spares else None
                zygote = self._zygote
                self._wanted.notify_all()
            if worker is None:
                worker = self._new(zygote, shape)
            elif not worker.alive():
                self._discard(worker)
                continue
            if worker is not None:
                return worker
        raise SandboxError(f"no worker could be started: {self._last_words}", "run `ptquiz doctor`")

    def _new(self, zygote: Zygote | None, shape: Shape) -> Worker | None:
        """A new worker that waits for its run; None, and a new zygote on its way, when there is none to be had."""
        if self._closed:
            raise SandboxError("the sandbox is closed")
        try:
            if zygote is None:
                raise SandboxError("no zygote")
            worker = zygote.fork(shape, self._threads)
        except SandboxError:
            self._restart(zygote)
            return None
        if worker.wait_until_ready():
            return worker
        self._last_words = worker.last_words()
        worker.discard()
        if not zygote.alive():
            self._restart(zygote)
        return None

    def _restart(self, broken: Zygote | None) -> None:
        with self._lock:
            if self._zygote is not broken or self._closed:
                return
            if broken is not None:
                broken.close()
            self._drop_spares()
            self._zygote = Zygote(self._judge, self._layers)
            self._zygote.wait_until_ready()

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            if not self._closed:
                self._spares.setdefault(worker.shape, []).append(worker)
                return
        worker.discard()

    def _discard(self, worker: Worker) -> None:
        """Kill at once, and clean up off the path of the answer."""
        worker.kill()
        with self._lock:
            self._dead.append(worker)
            self._wanted.notify_all()

    def _keep(self) -> None:
        """The keeper's life: start the zygote, keep spares ready, clean up after runs."""
        try:
            self._begin()
            while not self._closed:
                if not self._tend():
                    with self._wanted:
                        if not self._closed and not self._dead and not self._lacking():
                            self._wanted.wait()
        except SandboxError as error:
            self._failure = error
            self._machine = None
        finally:
            self._started.set()
            self._shut()

    def _begin(self) -> None:
        zygote = Zygote(self._judge, self._layers)
        self._zygote = zygote
        hello = zygote.wait_until_ready()
        for shape in SPARE:
            worker = self._new(zygote, shape)
            if worker is None:
                raise SandboxError(f"no worker could be started: {self._last_words}", "run `ptquiz doctor`")
            self._give_back(worker)
        self._machine = self._examine(zygote, hello)
        self._started.set()

    def _examine(self, zygote: Zygote, hello: dict[str, Any]) -> Machine:
        self._acts = self._probe(zygote)
        name, missing = probe.tier(self._acts)
        return Machine(hello["python"], hello["torch"], None, name, missing)

    def _probe(self, zygote: Zygote) -> list[probe.Act]:
        worker = self._new(zygote, Shape())
        if worker is None:
            return []
        try:
            return probe.probe(worker)
        finally:
            worker.discard()

    def _tend(self) -> bool:
        """Do one thing that is due; False when nothing is."""
        with self._lock:
            dead = self._dead.pop() if self._dead else None
            shape = self._lacking()
            zygote = self._zygote
        if shape is not None:
            with contextlib.suppress(SandboxError):
                worker = self._new(zygote, shape)
                if worker is not None:
                    self._give_back(worker)
        if dead is not None:
            dead.discard()
        return dead is not None or shape is not None

    def _lacking(self) -> Shape | None:
        return next((shape for shape in SPARE if not self._spares.get(shape)), None)

    def _drop_spares(self) -> None:
        for spares in self._spares.values():
            for worker in spares:
                worker.discard()
            spares.clear()

    def _shut(self) -> None:
        with self._lock:
            self._drop_spares()
            for worker in self._dead:
                worker.discard()
            self._dead.clear()
            if self._zygote is not None:
                self._zygote.close()
                self._zygote = None

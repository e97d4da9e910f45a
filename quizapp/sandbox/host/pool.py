"""Workers, ready ahead of time: taken, replaced, cleaned up after, and begun anew when their source dies."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable

from quizapp.errors import SandboxError
from quizapp.sandbox.host.one_shot import FreshProcessSource
from quizapp.sandbox.host.process import Worker, WorkerSource, WorkerSpec
from quizapp.sandbox.host.zygote_client import ZygoteClient
from quizapp.sandbox.jail.layers import Layers

TRIES = 3
MOST_SPARES = 4
GRACE_SECONDS = 0.2
PAUSE_SECONDS = 0.1
"""Who has waited so long answers one at a time: nothing competes with that answer."""

HOLD_SECONDS = 0.03
"""Of such an answer; another may follow one that takes longer."""


def best_source(judge: str, layers: Layers) -> WorkerSource:
    """A zygote where a process may fork after it has loaded torch: on Linux."""
    return ZygoteClient(judge, layers) if sys.platform.startswith("linux") else FreshProcessSource(judge, layers)


class Pool:
    """Spare workers of some shapes. Every method may be called from any thread."""

    def __init__(self, begin: Callable[[], WorkerSource], threads: int) -> None:
        self._begin = begin
        self._threads = threads
        self._lock = threading.RLock()
        self._due = threading.Condition(self._lock)
        self._source: WorkerSource | None = None
        self._kept: tuple[WorkerSpec, ...] = ()
        self._spares: dict[WorkerSpec, list[Worker]] = {}
        self._dead: list[Worker] = []
        self._needed: set[str] = set()
        """Libraries that the source is to load."""

        self._lent: Counter[WorkerSpec] = Counter()
        """Workers that were taken, and neither given back nor discarded."""

        self._most_runs = 0
        """Runs at once since the last pause."""

        self._taken_at = self._hold_until = 0.0
        self._closed = False
        self._last_words = ""

    def open(self) -> dict[str, object]:
        """Begin; what the source says of itself. Raises SandboxError."""
        source = self._source = self._begin()
        return source.start()

    def keep(self, *shapes: WorkerSpec) -> None:
        """Have a spare of each of these ready from now on."""
        with self._lock:
            self._kept = shapes
            self._due.notify_all()

    def have_loaded(self, libraries: Iterable[str]) -> None:
        """Have these in the workers that are made from now on, soon: a run has needed them."""
        with self._lock:
            if self._source is not None and not self._source.loaded.issuperset(libraries):
                self._needed.update(libraries)
                self._due.notify_all()

    def died_with_its_source(self, worker: Worker) -> bool:
        """Whether a worker went away because what it came from did, which shows a moment later."""
        source, deadline = worker.source, time.monotonic() + GRACE_SECONDS
        while source is not None and source.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def processes(self) -> set[int]:
        """The source's own, and every worker that waits."""
        with self._lock:
            waiting = {worker.process.pid for spares in self._spares.values() for worker in spares}
            return waiting | (self._source.processes() if self._source else set())

    def folders(self) -> set[str]:
        """Of every worker that waits."""
        with self._lock:
            return {str(worker.folder) for spares in self._spares.values() for worker in spares}

    def take(self, shape: WorkerSpec) -> Worker:
        """A worker that waits for its run: a spare, or a new one. Raises SandboxError."""
        for _ in range(TRIES):
            with self._lock:
                spares = self._spares.get(shape)
                worker = spares.pop() if spares else None
                self._hold_if_paused()
            if worker is None:
                worker = self._new(shape, rehearse=False)
            elif not worker.alive():
                self.discard(worker)
                continue
            if worker is not None:
                with self._lock:
                    worker.taken = True
                    self._lent[shape] += 1
                    self._most_runs = max(self._most_runs, self._runs())
                return worker
        raise SandboxError(f"no worker could be started: {self._last_words}", "run `ptquiz doctor`")

    def give_back(self, worker: Worker) -> None:
        """Keep a worker for later."""
        with self._lock:
            self._returned(worker)
            if not self._closed and len(self._spares.get(worker.shape, ())) < MOST_SPARES:
                self._spares.setdefault(worker.shape, []).append(worker)
                return
        worker.discard()

    def discard(self, worker: Worker) -> None:
        """Kill a worker now, and clean up after it off the path of the answer."""
        worker.kill()
        with self._lock:
            self._returned(worker)
            self._dead.append(worker)
            self._hold_until = 0.0
            self._due.notify_all()

    def tend(self) -> None:
        """Keep spares ready and clean up, until the pool is closed. The life of one thread."""
        while not self._closed:
            with self._lock:
                shape, dead = self._lacking(), self._dead.pop() if self._dead else None
                held = max(0.0, self._hold_until - time.monotonic())
                needed = None if held or not self._needed else self._needed.pop()
                if needed is None and dead is None and (shape is None or held):
                    self._due.wait(held if shape is not None or self._needed else None)
                    continue
                # Where every processor is busy with runs, a rehearsal takes more from them than it gives.
                rehearse = self._most_runs < self._threads
            if needed is not None:
                self._load(needed)
            elif shape is not None and not held:
                with contextlib.suppress(SandboxError):
                    worker = self._new(shape, rehearse)
                    if worker is not None:
                        self.give_back(worker)
            if dead is not None:
                dead.discard()

    def stop(self) -> None:
        """Let `tend` return."""
        with self._lock:
            self._closed = True
            self._due.notify_all()

    def close(self) -> None:
        """End every worker and their source."""
        self.stop()
        with self._lock:
            self._drop_spares()
            while self._dead:
                self._dead.pop().discard()
            if self._source is not None:
                self._source.close()
                self._source = None

    def _load(self, library: str) -> None:
        """Have the source load a library, and replace the spares that lack it."""
        with self._lock:
            source = self._source
        # A source that fails here fails again, and is mended, when a worker is asked of it.
        with contextlib.suppress(SandboxError):
            if source is not None and library not in source.loaded:
                source.load(library)
                with self._lock:
                    self._drop_spares()

    def _hold_if_paused(self) -> None:
        """After a pause, make nothing new until the run is over: its answer shall have the processors."""
        now = time.monotonic()
        if now - self._taken_at > PAUSE_SECONDS:
            self._hold_until = now + HOLD_SECONDS
            self._most_runs = 0
        self._taken_at = now
        self._due.notify_all()

    def _returned(self, worker: Worker) -> None:
        if worker.taken:
            worker.taken = False
            self._lent[worker.shape] -= 1

    def _runs(self) -> int:
        """How many workers run somebody's code."""
        return sum(count for shape, count in self._lent.items() if not shape.comes_back)

    def _lacking(self) -> WorkerSpec | None:
        return next((shape for shape in self._kept if len(self._spares.get(shape, ())) < self._wanted(shape)), None)

    def _wanted(self, shape: WorkerSpec) -> int:
        """How many spares: one, or as many as are used at once; a judge that comes back needs none beside it."""
        if shape.comes_back:
            return 0 if self._lent[shape] else 1
        # What CUDA keeps on the device for each is dear.
        return 1 if shape.cuda else max(1, min(self._lent[shape], self._threads, MOST_SPARES))

    def _new(self, shape: WorkerSpec, rehearse: bool) -> Worker | None:
        """A new worker that waits; None where it failed and another try makes sense."""
        with self._lock:
            source = self._source
        if self._closed:
            raise SandboxError("the sandbox is closed")
        try:
            if source is None:
                raise SandboxError("the sandbox is not there")
            worker = source.make(shape, self._threads, rehearse)
        except SandboxError as error:
            self._last_words = error.message
            self._renew(source)
            return None
        worker.source = source
        if worker.wait_until_ready():
            return worker
        self._last_words = worker.last_words()
        worker.discard()
        if source is not None and not source.alive():
            self._renew(source)
        return None

    def _renew(self, broken: WorkerSource | None) -> None:
        """Begin anew, unless another thread has; raises SandboxError."""
        with self._lock:
            if self._source is not broken or self._closed:
                return
            if broken is not None:
                broken.close()
            self._drop_spares()
            self._source = self._begin()
            self._source.start()

    def _drop_spares(self) -> None:
        for spares in self._spares.values():
            while spares:
                spares.pop().discard()

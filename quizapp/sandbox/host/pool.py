"""A pool of workers that are created ahead of time, replaced after use, and recreated when their source dies."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable

from quizapp.errors import SandboxError
from quizapp.sandbox.host.capacity import max_workers, processors
from quizapp.sandbox.host.one_shot import FreshProcessSource
from quizapp.sandbox.host.process import Worker, WorkerRefused, WorkerSource, WorkerSpec
from quizapp.sandbox.host.worker_places import END_POLL_SECONDS, WorkerPlaces
from quizapp.sandbox.host.zygote_client import ZygoteClient
from quizapp.sandbox.jail.layers import Layers

MAX_TRIES = 3
MAX_SPARES = 4
MAX_CUDA_SPARES = 2
"""Each spare with CUDA holds some hundred MB of device memory."""

GRACE_SECONDS = 0.2
"""Maximum time between the end of workers and the detection that their source ended too."""

PAUSE_SECONDS = 0.1
"""Time without a run after which it is assumed that a single learner is answering."""

DELAY_SECONDS = 0.03
"""Delay before spares are created after a pause, so that this does not compete with the run for processors."""


def best_source(judge: str, layers: Layers) -> WorkerSource:
    """Return a zygote on Linux; elsewhere, a process that has loaded torch cannot be forked safely."""
    return ZygoteClient(judge, layers) if sys.platform.startswith("linux") else FreshProcessSource(judge, layers)


class Pool:
    """Keeps spare workers of the given specs. Thread-safe."""

    def __init__(self, create_source: Callable[[], WorkerSource]) -> None:
        self._create_source = create_source
        self._processors = processors()
        self._lock = threading.RLock()
        self._wake = threading.Condition(self._lock)
        self._source: WorkerSource | None = None
        self._specs: tuple[WorkerSpec, ...] = ()
        self._spares: dict[WorkerSpec, list[Worker]] = {}
        self._places = WorkerPlaces(self._wake, max_workers())
        self._libraries: set[str] = set()
        """Libraries that the source has yet to load."""

        self._unloadable: set[str] = set()
        """Libraries that a source could not load: it may have died of it, and the next one would too."""

        self._lent: Counter[WorkerSpec] = Counter()
        """Workers that were acquired and neither released nor discarded."""

        self._max_runs = 0
        """Maximum number of simultaneous runs since the last pause."""

        self._last_acquired = self._delay_until = 0.0
        self._closed = self._has_ended = False
        self._last_error_line = ""

    def open(self) -> dict[str, object]:
        """Start a source and return what it reports about itself; raises SandboxError."""
        source = self._source = self._create_source()
        return source.start()

    def set_spares(self, *specs: WorkerSpec) -> None:
        """Keep at least one spare of each of these specs ready."""
        with self._lock:
            self._specs = specs
            self._wake.notify_all()

    def request_libraries(self, libraries: Iterable[str]) -> None:
        """Let future workers load these libraries ahead of time, because a run has needed them."""
        with self._lock:
            if self._source is not None and (new := set(libraries) - self._source.loaded - self._unloadable):
                self._libraries |= new
                self._wake.notify_all()

    def has_lost_source(self, worker: Worker) -> bool:
        """Return whether the source of a dead worker has died too; waits GRACE_SECONDS at most."""
        source, deadline = worker.source, time.monotonic() + GRACE_SECONDS
        while source is not None and source.is_alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def processes(self) -> set[int]:
        """Return the PIDs of the source and of every spare."""
        with self._lock:
            idle = {worker.process.pid for spares in self._spares.values() for worker in spares}
            return idle | (self._source.processes() if self._source else set())

    def folders(self) -> set[str]:
        """Return the scratch folder of every spare."""
        with self._lock:
            return {str(worker.folder) for spares in self._spares.values() for worker in spares}

    def acquire(self, spec: WorkerSpec) -> Worker:
        """Return a worker that waits for its run, a spare if possible.

        Waits while as many workers exist as may be open at a time; raises SandboxError.
        """
        for _ in range(MAX_TRIES):
            with self._lock:
                spares = self._spares.get(spec)
                worker = spares.pop() if spares else None
                self._delay_spares_after_pause()
            if worker is None:
                self._wait_for_place()
                worker = self._create_worker(spec, dry_run=False)
            elif not worker.is_alive():
                self.discard(worker)
                continue
            if worker is not None:
                with self._lock:
                    worker.is_in_use = True
                    self._lent[spec] += 1
                    self._max_runs = max(self._max_runs, self._run_count())
                return worker
        raise SandboxError(f"no worker could be started: {self._last_error_line}", "run `ptquiz doctor`")

    def release(self, worker: Worker) -> None:
        """Return a reusable worker to the pool."""
        with self._lock:
            self._mark_returned(worker)
            if not self._closed and len(self._spares.get(worker.spec, ())) < MAX_SPARES:
                self._spares.setdefault(worker.spec, []).append(worker)
                self._wake.notify_all()
                return
        self._places.remove(worker)

    def discard(self, worker: Worker) -> None:
        """Kill a worker now; it is cleaned up later, so the caller does not wait, unless the pool is closed."""
        worker.kill()
        with self._lock:
            self._mark_returned(worker)
            self._delay_until = 0.0
            self._wake.notify_all()
            if not self._has_ended:
                self._places.bury(worker)
                return
        self._places.remove(worker)

    def maintain(self) -> None:
        """Clean up, create spares and load libraries until the pool is closed. Runs in a thread of the caller."""
        while not self._closed:
            self._places.clean_up()
            with self._lock:
                delay = max(0.0, self._delay_until - time.monotonic())
                library = None if delay or not self._libraries else self._libraries.pop()
                spec = None if delay or library else self._reserve_spare()
                if library is None and spec is None:
                    if not self._closed:
                        self._wake.wait(self._idle_seconds(delay))
                    continue
                # If every processor is busy with runs, a dry run slows them down more than it helps.
                dry_run = self._max_runs < self._processors
            if library is not None:
                self._load(library)
            elif spec is not None:
                with contextlib.suppress(SandboxError):
                    worker = self._create_worker(spec, dry_run)
                    if worker is not None:
                        self.release(worker)

    def stop(self) -> None:
        """Let `maintain` return."""
        with self._lock:
            self._closed = True
            self._wake.notify_all()

    def close(self) -> None:
        """End every spare and the source."""
        self.stop()
        with self._lock:
            self._has_ended = True
            self._drop_spares()
            self._places.remove_all()
            if self._source is not None:
                self._source.close()
                self._source = None

    def _wait_for_place(self) -> None:
        """Reserve a place for a new worker; cleans up first, and ends a spare if nothing else frees a place."""
        while True:
            self._places.clean_up()
            with self._lock:
                if self._closed:
                    raise SandboxError("the sandbox is closed")
                if self._places.take():
                    return
                spare = next((spares.pop() for spares in self._spares.values() if spares), None)
                if spare is None:
                    self._wake.wait(END_POLL_SECONDS if self._places.has_dead else None)
            if spare is not None:
                self.discard(spare)

    def _reserve_spare(self) -> WorkerSpec | None:
        """Return a spec of which a spare is missing, with a place reserved; leaves one place to a run that waits."""
        spec = next((spec for spec in self._specs if len(self._spares.get(spec, ())) < self._spare_count(spec)), None)
        return spec if spec is not None and self._places.take(leave=1) else None

    def _idle_seconds(self, delay: float) -> float | None:
        """Return after how many seconds `maintain` has to look again; None if only after a change."""
        return END_POLL_SECONDS if self._places.has_dead else delay or None

    def _load(self, library: str) -> None:
        """Load a library in the source, and replace the spares that lack it."""
        with self._lock:
            source = self._source
        if source is None or library in source.loaded:
            return
        try:
            source.load(library)
        except SandboxError:
            # A source that died is restarted when a worker is next requested.
            self._unloadable.add(library)
            return
        with self._lock:
            self._drop_spares()

    def _delay_spares_after_pause(self) -> None:
        """After a pause, create no spare until the run is over, so that the run has all processors."""
        now = time.monotonic()
        if now - self._last_acquired > PAUSE_SECONDS:
            self._delay_until = now + DELAY_SECONDS
            self._max_runs = 0
        self._last_acquired = now
        self._wake.notify_all()

    def _mark_returned(self, worker: Worker) -> None:
        if worker.is_in_use:
            worker.is_in_use = False
            self._lent[worker.spec] -= 1

    def _run_count(self) -> int:
        """Return the number of workers that are executing a run."""
        return sum(count for spec, count in self._lent.items() if not spec.is_reusable)

    def _spare_count(self, spec: WorkerSpec) -> int:
        """Return how many spares to keep: as many as are in use, at least one; 0 for a reusable worker in use."""
        if spec.is_reusable:
            return 0 if self._lent[spec] else 1
        most = min(self._processors, MAX_CUDA_SPARES if spec.cuda else MAX_SPARES)
        return max(1, min(self._lent[spec], most))

    def _create_worker(self, spec: WorkerSpec, dry_run: bool) -> Worker | None:
        """Return a new worker that is ready, at the place reserved for it; gives the place back if there is none.

        None if that failed and can be tried again. Raises SandboxError.
        """
        worker = None
        try:
            worker = self._start_worker(spec, dry_run)
            return worker
        finally:
            if worker is None:
                self._places.give_back()

    def _start_worker(self, spec: WorkerSpec, dry_run: bool) -> Worker | None:
        with self._lock:
            source = self._source
        if self._closed:
            raise SandboxError("the sandbox is closed")
        try:
            if source is None:
                raise SandboxError("the sandbox is not running")
            worker = source.create_worker(spec, dry_run)
        except WorkerRefused as error:
            self._last_error_line = error.message
            return None
        except SandboxError as error:
            self._last_error_line = error.message
            self._restart_source(source)
            return None
        worker.source = source
        if worker.wait_until_ready():
            return worker
        self._last_error_line = worker.last_error_line()
        worker.discard()
        if source is not None and not source.is_alive():
            self._restart_source(source)
        return None

    def _restart_source(self, broken: WorkerSource | None) -> None:
        """Replace a broken source, unless another thread has; raises SandboxError."""
        with self._lock:
            if self._source is not broken or self._closed:
                return
            if broken is not None:
                broken.close()
            self._drop_spares()
            self._source = self._create_source()
            self._source.start()

    def _drop_spares(self) -> None:
        for spares in self._spares.values():
            while spares:
                self._places.remove(spares.pop())

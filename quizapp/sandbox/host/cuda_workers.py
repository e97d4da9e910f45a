"""Workers with CUDA: a zygote of their own, in the first arrangement of layers in which CUDA starts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from quizapp.errors import SandboxError
from quizapp.sandbox.host.pool import Pool
from quizapp.sandbox.host.pool_thread import PoolThread
from quizapp.sandbox.host.probe import probe_attempts, tier_of
from quizapp.sandbox.host.process import WorkerSpec
from quizapp.sandbox.host.zygote_client import ZygoteClient
from quizapp.sandbox.jail.cuda_driver import CudaDriver, missing_part
from quizapp.sandbox.jail.layers import Layers

CUDA = WorkerSpec(cuda=True)
CUDA_MAY = frozenset({"keep unmapped memory allocated"})
"""Forbidden acts that a run with CUDA may perform, because the driver needs them after its start."""


class CudaDoesNotStart(SandboxError):
    """CUDA does not start in workers of this arrangement."""


class CudaWorkers:
    """The pool of the workers with CUDA, if CUDA starts on this machine."""

    def __init__(self, driver: CudaDriver, layers: Layers) -> None:
        self._driver = driver
        self._layers = layers
        self._thread: PoolThread | None = None
        self._is_closed = False
        self._missing: tuple[str, ...] = ()
        """The guarantees that its runs lack."""

        self.device: str | None = None
        """Name of the first device; None if CUDA did not start."""

        self.problem: str | None = None
        """Why CUDA did not start, or not with namespaces; None without a problem, and without any driver."""

    def open(self, torch: str, built_for: str | None) -> None:
        """Start CUDA in one arrangement of layers after another, until it works."""
        self.problem = missing_part(self._driver)
        if self.problem is not None or self._driver.library is None:
            return
        if built_for is None:
            self.problem = f"this PyTorch ({torch}) is built without CUDA; install one that is built for your GPU"
            return
        for layers in self._arrangements():
            pool = Pool(partial(ZygoteClient, "", layers, self._driver))
            self._thread = thread = PoolThread(pool, "sandbox with CUDA", self._prepare)
            if self._is_closed:
                return
            thread.start()
            try:
                thread.wait()
                return
            except SandboxError as error:
                self.problem = self.problem or error.message
                self.device = None
                thread.close()

    def _arrangements(self) -> Iterator[Layers]:
        yield self._layers
        if self._layers.namespaces:
            yield replace(self._layers, namespaces=False)

    def thread(self) -> PoolThread:
        """Return the running pool; raises SandboxError if CUDA did not start."""
        if self._thread is None or self.device is None:
            raise SandboxError(f"CUDA is not available: {self.problem or 'no device'}", "run `ptquiz doctor`")
        return self._thread

    def require(self, missing: Collection[str]) -> None:
        """Give CUDA up if its runs lack a guarantee that is not among those `missing` from all runs."""
        weaker = [guarantee for guarantee in self._missing if guarantee not in missing]
        if weaker:
            self.device, self.problem = None, f"runs with CUDA are confined less than others: {'; '.join(weaker)}"
            self.close()

    def processes(self) -> set[int]:
        """Return the PIDs of the zygote and of every idle worker."""
        return self._thread.pool.processes() if self._thread else set()

    def close(self) -> None:
        """End every process."""
        self._is_closed = True
        if self._thread is not None:
            self._thread.close()

    def _prepare(self, hello: dict[str, Any]) -> None:
        """Find out whether CUDA computes and the jail holds, in workers; raises SandboxError if not."""
        assert self._thread is not None
        pool = self._thread.pool
        worker = pool.acquire(CUDA)
        try:
            started = worker.hello["started"]
            if "device" not in started:
                raise CudaDoesNotStart(started["problem"])
            attempts = [attempt for attempt in probe_attempts(worker) if attempt.name not in CUDA_MAY]
            self._missing = tier_of(attempts)[1]
            self.device = started["device"]
            pool.set_spares(CUDA)
        finally:
            pool.discard(worker)

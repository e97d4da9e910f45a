"""A pool in a thread of its own, which keeps the exception that ended it for those who wait for workers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from quizapp.errors import SandboxCrashed, SandboxError
from quizapp.sandbox.host.pool import Pool
from quizapp.sandbox.host.process import Worker, WorkerSpec


class PoolThread:
    """Opens a pool, prepares it, and maintains it until it is closed. Thread-safe."""

    def __init__(self, pool: Pool, name: str, prepare: Callable[[dict[str, Any]], None]) -> None:
        """`prepare` gets what the source reports about itself; the pool is ready once it has returned."""
        self.pool = pool
        self._prepare = prepare
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._has_begun = False
        self._is_closed = False
        self._is_prepared = False
        self._failure: SandboxError | None = None
        self._settled = threading.Event()
        """Set once the pool is ready or has failed."""

    def start(self) -> None:
        """Start in the background and return immediately; may be called repeatedly."""
        with self._lock:
            if not self._has_begun and not self._is_closed:
                self._has_begun = True
                self._thread.start()

    @property
    def is_ready(self) -> bool:
        """Whether workers can be acquired without waiting for the start."""
        return self._is_prepared and self._failure is None

    def wait(self, timeout: float | None = None) -> None:
        """Wait until the pool is ready, at most `timeout` seconds.

        Raises SandboxError on timeout, if it is closed, and, as often as asked, with what ended it.
        """
        if self._is_closed and self._failure is None:
            raise SandboxError("the sandbox is closed")
        if not self._settled.wait(timeout):
            raise SandboxError("the sandbox is not ready yet")
        if not self.is_ready:
            self._raise_failure()

    def acquire(self, spec: WorkerSpec) -> Worker:
        """Return a worker of the pool; raises SandboxError, with what ended the pool if it has ended."""
        try:
            return self.pool.acquire(spec)
        except SandboxError:
            if self._failure is not None:
                self._raise_failure()
            raise

    def close(self) -> None:
        """End every process, and wait for the thread."""
        with self._lock:
            self._is_closed = True
        self.pool.stop()
        if self._has_begun:
            self._thread.join()
        self._settled.set()

    def _raise_failure(self) -> None:
        failure = self._failure or SandboxError("the sandbox is closed")
        # A new exception for each caller: raising one object in several threads would mix their tracebacks.
        raise type(failure)(failure.message, failure.hint) from failure.__cause__

    def _run(self) -> None:
        try:
            hello = self.pool.open()
            self._prepare(hello)
            self._is_prepared = True
            self._settled.set()
            self.pool.maintain()
        except SandboxError as error:
            self._failure = error
        except Exception as error:
            self._failure = SandboxCrashed(
                f"the sandbox failed: {type(error).__name__}: {error}", "this is a bug in ptquiz: please report it"
            )
            self._failure.__cause__ = error
        finally:
            # In this order, so that no caller sees a pool that is closed without a reason.
            self.pool.close()
            self._settled.set()

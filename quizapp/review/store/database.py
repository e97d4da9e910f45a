"""The SQLite connection: WAL, durable commits, one writer at a time, translated errors."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from threading import RLock
from typing import Any

from quizapp.errors import StoreError
from quizapp.review.store.migrate import latest_version, migrate, refuse_newer, schema_version
from quizapp.review.store.sqlite_errors import SqliteErrors, require_file, stop_when_locked

WRITE_TIMEOUT = 5.0
"""Seconds that a write waits for another process's write."""

Values = Sequence[Any] | dict[str, Any]


class Transaction:
    """A context manager that commits at its end, or rolls back on an error. Nested uses join the outermost one."""

    # A class, because a generator would take as long as one of the statements inside it.
    __slots__ = ("_begin", "_connection", "_errors", "_lock", "depth")

    def __init__(self, connection: sqlite3.Connection, lock: RLock, errors: SqliteErrors, begin: str) -> None:
        self._connection, self._lock, self._errors, self._begin, self.depth = connection, lock, errors, begin, 0

    def __enter__(self) -> Callable[..., sqlite3.Cursor]:
        """Return `Connection.execute`; its errors are translated when the transaction ends."""
        self._lock.acquire()
        try:
            if not self.depth:
                with self._errors:
                    self._connection.execute(self._begin)
            self.depth += 1
        except BaseException:
            # An interrupt may arrive between `begin` and incrementing the depth.
            if not self.depth:
                self._rollback()
            self._lock.release()
            raise
        return self._connection.execute

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.depth -= 1
        try:
            with self._errors:
                if error is not None:
                    self._rollback()
                elif not self.depth:
                    self._commit()
            self._errors.__exit__(kind, error, trace)
        finally:
            self._lock.release()

    def _commit(self) -> None:
        try:
            self._connection.execute("commit")
        except BaseException:
            self._rollback()
            raise

    def _rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("rollback")


class Database:
    """One SQLite file, usable from any thread, one thread at a time. Every method raises StoreError."""

    def __init__(self, path: Path, timeout: float = WRITE_TIMEOUT) -> None:
        """Open or create the file. A write waits `timeout` seconds for another process."""
        self.path = path
        self._lock = RLock()
        self._errors = SqliteErrors(path)
        with self._errors:
            path.parent.mkdir(parents=True, exist_ok=True)
            require_file(path)
            self._connection = _connect(path, timeout)
            try:
                _prepare(self._connection, path)
            except BaseException:
                self._connection.close()
                raise
        self._transaction = Transaction(self._connection, self._lock, self._errors, "begin immediate")
        self._snapshot = Transaction(self._connection, self._lock, self._errors, "begin")

    def rows(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        with self._lock, self._errors:
            return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, values: Values = ()) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        with self._lock, self._errors:
            found: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
            return found

    def stream(self, statement: str, values: Values = ()) -> Generator[tuple[Any, ...]]:
        """Yield rows one by one; run nothing else until the generator is closed or exhausted."""
        with self._lock, self._errors, closing(self._connection.execute(statement, values)) as cursor:
            yield from cursor

    def run(self, statement: str, values: Values = ()) -> int:
        """Execute a write inside a transaction; return the id of the new row."""
        assert self._connection.in_transaction, "writes belong into a transaction"
        return self._connection.execute(statement, values).lastrowid or 0

    def run_many(self, statement: str, many: Iterable[Values]) -> None:
        assert self._connection.in_transaction, "writes belong into a transaction"
        self._connection.executemany(statement, many)

    def transaction(self) -> Transaction:
        """Return a context for writes: all are saved or none, durably when the outermost context ends."""
        return self._transaction

    def snapshot(self) -> Transaction:
        """Return a context for reads of one state of the file while other processes write. Not in `transaction`."""
        return self._snapshot

    def copy_into(self, target: sqlite3.Connection) -> None:
        """Write a consistent copy, even while another process writes."""
        with self._lock, self._errors:
            self._connection.backup(target, progress=stop_when_locked)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _connect(path: Path, timeout: float) -> sqlite3.Connection:
    # A read-only file is opened for reading, so that due cards can still be listed.
    target, is_uri = (read_only_uri(path), True) if path.exists() and not _is_writable(path) else (str(path), False)
    return sqlite3.connect(
        target, timeout=timeout, isolation_level=None, check_same_thread=False, cached_statements=256, uri=is_uri
    )


def _is_writable(path: Path) -> bool:
    # The folder too: SQLite creates its write-ahead log beside the file.
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def read_only_uri(path: Path) -> str:
    """Return an SQLite URI through which nothing is written."""
    # Without a log beside it the file is complete, and needs no lock files in a folder that may be read-only.
    has_log = path.with_name(path.name + "-wal").exists()
    return f"{path.absolute().as_uri()}?{'mode=ro' if has_log else 'immutable=1'}"


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    refuse_newer(connection, path)
    if _is_writable(path):
        connection.execute("pragma journal_mode = wal")
        # `full` syncs the log at every commit: a review that was shown as done survives a power cut.
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        migrate(connection, path)
    elif schema_version(connection) < latest_version():
        raise StoreError(f"{path} is read-only and from an older version", "make the file and its folder writable")

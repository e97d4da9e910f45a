"""The connection: WAL, durable commits, one writer at a time, and errors in words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from threading import RLock
from typing import Any

from quizapp.errors import StoreError
from quizapp.review.store.migrate import migrate, newest, refuse_newer, version
from quizapp.review.store.sqlite_errors import SqliteErrors, give_up_when_locked

PATIENCE = 5.0
"""Seconds that a write waits for another process's."""

Values = Sequence[Any] | dict[str, Any]


class Transaction:
    """What `with` ends: by a commit, or by taking everything back where an error leaves it."""

    # A generator would cost as much as one of the statements in it.
    __slots__ = ("_begin", "_connection", "_lock", "_words", "depth")

    def __init__(self, connection: sqlite3.Connection, lock: RLock, words: SqliteErrors, begin: str) -> None:
        self._connection, self._lock, self._words, self._begin, self.depth = connection, lock, words, begin, 0

    def __enter__(self) -> Callable[..., sqlite3.Cursor]:
        """Gives what executes a statement, its errors put into words when the transaction ends."""
        self._lock.acquire()
        try:
            if not self.depth:
                with self._words:
                    self._connection.execute(self._begin)
            self.depth += 1
        except BaseException:
            if not self.depth:
                self._take_back()
            self._lock.release()
            raise
        return self._connection.execute

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.depth -= 1
        try:
            with self._words:
                if error is not None:
                    self._take_back()
                elif not self.depth:
                    self._commit()
            self._words.__exit__(kind, error, trace)
        finally:
            self._lock.release()

    def _commit(self) -> None:
        try:
            self._connection.execute("commit")
        except BaseException:
            self._take_back()
            raise

    def _take_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("rollback")


class Database:
    """One SQLite file; any thread may use it, one at a time."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self.path = path
        self._lock = RLock()
        self._words = SqliteErrors(path)
        with self._words:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _connect(path, patience)
            try:
                _prepare(self._connection, path)
            except BaseException:
                self._connection.close()
                raise
        self._transaction = Transaction(self._connection, self._lock, self._words, "begin immediate")
        self._reading = Transaction(self._connection, self._lock, self._words, "begin")

    def rows(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        with self._lock, self._words:
            return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, values: Values = ()) -> tuple[Any, ...] | None:
        with self._lock, self._words:
            found: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
            return found

    def stream(self, statement: str, values: Values = ()) -> Generator[tuple[Any, ...]]:
        """Rows one by one; nothing else may run until the iterator is closed or done."""
        with self._lock, self._words, closing(self._connection.execute(statement, values)) as cursor:
            yield from cursor

    def run(self, statement: str, values: Values = ()) -> int:
        """Within a transaction; gives the new row's id."""
        assert self._connection.in_transaction, "writes belong into a transaction"
        return self._connection.execute(statement, values).lastrowid or 0

    def run_many(self, statement: str, many: Iterable[Values]) -> None:
        assert self._connection.in_transaction, "writes belong into a transaction"
        self._connection.executemany(statement, many)

    def transaction(self) -> Transaction:
        """All of it or none; on the disk when it ends. One inside another joins it."""
        return self._transaction

    def reading(self) -> Transaction:
        """Several statements that see one state of the store, whatever other processes write; not in a transaction."""
        return self._reading

    def copy_into(self, target: sqlite3.Connection) -> None:
        """A consistent copy, whatever else is being written meanwhile."""
        with self._lock, self._words:
            self._connection.backup(target, progress=give_up_when_locked)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    """A file that may not be written is opened for reading: what is due can still be said."""
    where, by_uri = str(path), False
    if path.exists() and not _writable(path):
        where, by_uri = for_reading(path), True
    return sqlite3.connect(
        where, timeout=patience, isolation_level=None, check_same_thread=False, cached_statements=256, uri=by_uri
    )


def _writable(path: Path) -> bool:
    """The folder too: SQLite lays its log beside the file."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def for_reading(path: Path) -> str:
    """The file as an address that nothing is written through."""
    # Without a log beside it the file is complete, and needs no lock files in a folder that may be read-only.
    logged = path.with_name(path.name + "-wal").exists()
    return f"{path.absolute().as_uri()}?{'mode=ro' if logged else 'immutable=1'}"


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    refuse_newer(connection, path)
    if _writable(path):
        connection.execute("pragma journal_mode = wal")
        # `full` syncs the log at every commit: a review that was shown as done survives a power cut.
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        migrate(connection, path)
    elif version(connection) < newest():
        raise StoreError(f"{path} is read-only, and of an older version", "make the file and its folder writable")

"""The connection: WAL, durable commits, one writer at a time, and errors in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from quizapp.review.store.faults import in_words
from quizapp.review.store.migrate import migrate

PATIENCE = 5.0
"""Seconds that a write waits for another process's."""

Values = Sequence[Any] | dict[str, Any]


class Database:
    """One SQLite file; any thread may use it, one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = RLock()
        self._depth = 0
        with in_words(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _connect(path)
            try:
                migrate(self._connection, path)
            except BaseException:
                self._connection.close()
                raise

    def rows(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        with self._lock, in_words(self.path):
            return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, values: Values = ()) -> tuple[Any, ...] | None:
        with self._lock, in_words(self.path):
            found: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
            return found

    def stream(self, statement: str, values: Values = ()) -> Generator[tuple[Any, ...]]:
        """Rows one by one; nothing else may run until the iterator is closed or done."""
        with self._lock, in_words(self.path):
            cursor = self._connection.execute(statement, values)
            try:
                yield from cursor
            finally:
                cursor.close()

    def run(self, statement: str, values: Values = ()) -> int:
        """Within a transaction; gives the new row's id."""
        assert self._depth, "writes belong into a transaction"
        with in_words(self.path):
            return self._connection.execute(statement, values).lastrowid or 0

    def run_many(self, statement: str, many: Iterable[Values]) -> None:
        assert self._depth, "writes belong into a transaction"
        with in_words(self.path):
            self._connection.executemany(statement, many)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or none; on the disk when it ends. One inside another joins it."""
        with self._lock, in_words(self.path):
            if not self._depth:
                self._connection.execute("begin immediate")
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise
            finally:
                self._depth -= 1

    def copy_into(self, target: sqlite3.Connection) -> None:
        """A consistent copy, whatever else is being written meanwhile."""
        with self._lock, in_words(self.path):
            self._connection.backup(target)

    def copy_from(self, source: sqlite3.Connection) -> None:
        """Replace everything by what `source` holds."""
        with self._lock, in_words(self.path):
            source.backup(self._connection)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=PATIENCE, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma journal_mode = wal")
    # `full` syncs the log at every commit: a review that was shown as done survives a power cut.
    connection.execute("pragma synchronous = full")
    return connection

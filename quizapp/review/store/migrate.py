"""Numbered migrations on `pragma user_version`, each run after a copy of the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from quizapp.errors import StoreError
from quizapp.review.store.sqlite_errors import stop_when_locked

FOLDER = Path(__file__).parent / "migrations"


@cache
def migrations() -> tuple[tuple[int, Path], ...]:
    """Return (number, file) of every migration, in order."""
    return tuple((int(path.name.split("_")[0]), path) for path in sorted(FOLDER.glob("*.sql")))


def latest_version() -> int:
    return migrations()[-1][0]


def schema_version(connection: sqlite3.Connection) -> int:
    """Return the number of the last migration applied; 0 for an empty file."""
    return int(connection.execute("pragma user_version").fetchone()[0])


def refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreError for a file from a newer version of ptquiz."""
    found = schema_version(connection)
    if found > latest_version():
        raise StoreError(
            f"{path} was written by a newer ptquiz (version {found}; this one supports {latest_version()})",
            "upgrade ptquiz, or set PTQUIZ_HOME to another folder; the file was not changed",
        )


def migrate(connection: sqlite3.Connection, path: Path, scripts: tuple[tuple[int, Path], ...] | None = None) -> None:
    """Bring the file to the latest version. Before each step it is copied to `<name>.v<version>.bak`."""
    current = schema_version(connection)
    for number, script in scripts or migrations():
        if number > current:
            if current:
                _copy(connection, path.with_name(f"{path.name}.v{current}.bak"))
            _apply(connection, number, script)
            current = number


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    if not target.exists():
        with closing(sqlite3.connect(target)) as copy:
            connection.backup(copy, progress=stop_when_locked)


def _apply(connection: sqlite3.Connection, number: int, script: Path) -> None:
    connection.execute("begin immediate")
    try:
        # Another process may have migrated the file while this one waited for the lock.
        if schema_version(connection) < number:
            for statement in _split(script.read_text(encoding="utf-8")):
                connection.execute(statement)
            connection.execute(f"pragma user_version = {number}")
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def _split(script: str) -> list[str]:
    """Return the statements of a script; `executescript` cannot be used, as it commits first."""
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found

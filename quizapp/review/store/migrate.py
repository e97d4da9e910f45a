"""Numbered migrations on `pragma user_version`, each behind a copy of the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from quizapp.errors import StoreError
from quizapp.review.store.sqlite_errors import give_up_when_locked

FOLDER = Path(__file__).parent / "migrations"


@cache
def migrations() -> tuple[tuple[int, Path], ...]:
    """(number, file), in order."""
    return tuple((int(path.name.split("_")[0]), path) for path in sorted(FOLDER.glob("*.sql")))


def newest() -> int:
    return migrations()[-1][0]


def version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


def refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    """Raises StoreError for a file that a newer program wrote."""
    found = version(connection)
    if found > newest():
        raise StoreError(
            f"{path} was written by a newer ptquiz (version {found}; this one knows {newest()})",
            "upgrade ptquiz, or set PTQUIZ_HOME to another folder; the file was not touched",
        )


def migrate(connection: sqlite3.Connection, path: Path, scripts: tuple[tuple[int, Path], ...] | None = None) -> None:
    """Bring the file to the newest version, a copy of it laid beside first."""
    found = version(connection)
    for number, script in scripts or migrations():
        if number > found:
            if found:
                _copy(connection, path.with_name(f"{path.name}.v{found}.bak"))
            _apply(connection, number, script)
            found = number


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    if not target.exists():
        with closing(sqlite3.connect(target)) as copy:
            connection.backup(copy, progress=give_up_when_locked)


def _apply(connection: sqlite3.Connection, number: int, script: Path) -> None:
    connection.execute("begin immediate")
    try:
        # Another process may have migrated the file while this one waited for the lock.
        if version(connection) < number:
            for statement in _statements(script.read_text(encoding="utf-8")):
                connection.execute(statement)
            connection.execute(f"pragma user_version = {number}")
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def _statements(script: str) -> list[str]:
    """One by one: `executescript` would commit before it begins."""
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found

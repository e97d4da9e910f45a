"""What SQLite says -> what a person can do about it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from quizapp.errors import StoreError

WORDS = (
    (
        ("locked", "busy"),
        "is in use by another program",
        "close the other ptquiz, or try again: nothing was lost",
    ),
    (
        ("readonly", "read-only"),
        "is read-only",
        "make the file and its folder writable, or set PTQUIZ_HOME to another folder",
    ),
    (
        ("full", "too big"),
        "cannot grow: the disk is full",
        "free some space and try again: all earlier reviews are safe",
    ),
    (
        ("malformed", "not a database", "no such table", "no such column"),
        "is damaged",
        "`ptquiz restore` brings a backup back; the damaged file is kept beside it",
    ),
    (
        ("unable to open",),
        "cannot be opened",
        "look at the folder's permissions, or set PTQUIZ_HOME to another folder",
    ),
    (
        ("disk i/o",),
        "cannot be read or written: the disk reports an error",
        "look at free space and at the disk, then try again",
    ),
)


def give_up_when_locked(status: int, remaining: int, total: int) -> None:
    """The progress of a copy: without it, one that meets a lock is tried again for ever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise sqlite3.OperationalError("database is locked")


class SqliteErrors:
    """Turns SQLite's errors into StoreErrors; what was under way was rolled back. Holds no state: nest it freely."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        """A generator would cost a tenth of the query that it guards."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError):
            return
        if isinstance(error, sqlite3.DatabaseError | OSError):
            raise _in_words(self._path, error) from error


def _in_words(path: Path, error: Exception) -> StoreError:
    said = str(error).lower()
    for signs, what, hint in WORDS:
        if any(sign in said for sign in signs):
            return StoreError(f"{path} {what}", hint)
    return StoreError(f"{path}: {error}", "`ptquiz doctor` says where files live")

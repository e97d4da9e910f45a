"""Translation of SQLite's errors into messages with a fix."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import stat
from pathlib import Path

from quizapp.decks.deck_paths import SPECIAL_FILES
from quizapp.errors import DamagedError, StoreError
from quizapp.settings import CHOOSE_HOME, folder_fault

DAMAGED = "is damaged"
PAGE_BYTES = 64 << 10
"""Space that SQLite needs to open a store."""

MESSAGES = (
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
        ("full", "too big", "no space"),
        "cannot grow: the disk is full",
        "free some space and try again: all earlier reviews are safe",
    ),
    (
        ("malformed", "not a database", "no such table", "no such column", "decode"),
        DAMAGED,
        "`ptquiz restore` restores a backup and keeps the damaged file beside it",
    ),
    (
        ("unable to open",),
        "cannot be opened",
        "check the permissions of the folder, or set PTQUIZ_HOME to another folder",
    ),
    (
        ("disk i/o",),
        "cannot be read or written: the disk reports an error",
        "check the disk and its free space, then try again",
    ),
)
"""(parts of SQLite's message, what is wrong, the fix). The first match counts."""


def require_file(path: Path) -> None:
    """Raise StoreError if `path`, or the path of a file that SQLite keeps beside it, is something else than a file."""
    # SQLite would wait for the other end of a pipe that it may only read.
    for suffix in ("", "-wal", "-shm", "-journal"):
        found = path.with_name(path.name + suffix)
        if fault := _find_fault(found):
            raise StoreError(f"{found} is {fault}", "move it away, or set PTQUIZ_HOME to another folder")


def _find_fault(path: Path) -> str | None:
    """Return what is at `path` if it is not a file; None if it is one, is missing, or cannot be reached."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return "a link that leads back to itself" if error.errno == errno.ELOOP else None
    if stat.S_ISREG(mode):
        return None
    kind = "a folder" if stat.S_ISDIR(mode) else SPECIAL_FILES.get(stat.S_IFMT(mode), "a special file")
    return f"{kind}, not a file"


def stop_when_locked(status: int, remaining: int, total: int) -> None:
    """Raise OperationalError if a backup meets a lock; a progress callback, as `Connection.backup` retries forever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise sqlite3.OperationalError("database is locked")


class SqliteErrors:
    """A context manager that turns SQLite's errors into StoreError. Stateless, so it can be nested."""

    # A class, because a generator would take a tenth of the time of the query inside it.
    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        # These two are bugs of the caller and keep their traceback.
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError):
            return
        # Messages that quote a damaged schema are not UTF-8.
        if isinstance(error, sqlite3.DatabaseError | OSError | UnicodeDecodeError):
            raise _translate(self._path, error) from error


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < PAGE_BYTES
    except OSError:
        return False


def _translate(path: Path, error: Exception) -> StoreError:
    # Before SQLite's messages, which name neither the folder nor the reason.
    if fault := folder_fault(path):
        return StoreError(fault, CHOOSE_HOME)
    text = str(error).lower()
    if "disk i/o" in text and _is_full(path.parent):
        # SQLite reports a full disk so where it cannot even make the file that its readers share.
        text = "no space"
    for parts, what, hint in MESSAGES:
        if any(part in text for part in parts):
            return (DamagedError if what == DAMAGED else StoreError)(f"{path} {what}", hint)
    if isinstance(error, OSError):
        return StoreError(f"{error.filename or path}: {error.strerror}", CHOOSE_HOME)
    return StoreError(f"{path}: {error}", "`ptquiz doctor` shows where the files are")

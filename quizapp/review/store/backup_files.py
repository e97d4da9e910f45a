"""The files in the folder of backups: their names, their order, and what they contain."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

from quizapp.errors import StoreError
from quizapp.review.store.database import read_only_uri
from quizapp.review.store.migrate import latest_version, schema_version
from quizapp.review.store.row_mapping import from_micros
from quizapp.review.store.sql_statements import statements
from quizapp.review.store.sqlite_errors import SqliteErrors, require_file
from quizapp.settings import CHOOSE_HOME, folder_fault
from quizapp.text.counting import plural
from quizapp.text.durations import local_time

DAILY_PREFIX, MANUAL_PREFIX = "reviews-", "manual-"
"""How the names of daily backups begin, and those of backups made on demand without a name."""

DAMAGE_CODES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def daily_name(day: date) -> str:
    return f"{DAILY_PREFIX}{day.isoformat()}.db"


def manual_name(now: datetime) -> str:
    return f"{MANUAL_PREFIX}{now.astimezone():%Y%m%d-%H%M%S}.db"


def backup_time(path: Path) -> datetime:
    """Return the local time in a backup's name, for daily ones the start of the date; `datetime.min` if it has none."""
    try:
        return datetime.fromisoformat(path.stem.removeprefix(DAILY_PREFIX).removeprefix(MANUAL_PREFIX))
    except ValueError:
        return datetime.min


def daily_backups(folder: Path) -> dict[date, Path]:
    """Return the daily backups by their dates."""
    times = ((backup_time(path), path) for path in folder.glob(f"{DAILY_PREFIX}*.db"))
    return {time.date(): path for time, path in times if time != datetime.min}


def list_backups(folder: Path) -> list[Path]:
    """Return all backups, latest first by the time in their names. Raises StoreError if `folder` cannot be reached."""
    if fault := folder_fault(folder):
        raise StoreError(fault, CHOOSE_HOME)
    # Not by the times of the files: copying a folder changes them.
    return sorted(folder.glob("*.db"), key=lambda path: (backup_time(path), path.name), reverse=True)


def describe_backup(path: Path) -> str:
    """Return how many reviews a backup contains and the local time of the last one, or why it cannot be used."""
    if not path.is_file():
        return "not a file"
    try:
        with SqliteErrors(path), closing(open_read_only(path)) as found:
            if schema_version(found) > latest_version():
                return "from a newer version of ptquiz"
            if not is_intact(found):
                return "damaged"
            reviews, last = found.execute(statements("log")["extent"]).fetchone()
        return f"{plural(reviews, 'review')}, the last {local_time(from_micros(last))}" if reviews else "no reviews"
    except (StoreError, OverflowError, ValueError):
        return "damaged"


def open_read_only(path: Path) -> sqlite3.Connection:
    """Return a connection that reads a store or a backup and changes nothing. Raises StoreError if it is not a file."""
    require_file(path)
    return sqlite3.connect(read_only_uri(path), uri=True)


def is_intact(connection: sqlite3.Connection) -> bool:
    """Return whether the structure of a file is sound: 0.1 s for 100,000 reviews."""
    try:
        (verdict,) = connection.execute("pragma quick_check(1)").fetchone()
    except UnicodeDecodeError:
        # SQLite's report quotes a name that is damaged.
        return False
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode in DAMAGE_CODES:
            return False
        raise
    return bool(verdict == "ok")


def log_length(connection: sqlite3.Connection) -> int:
    """Return the number of entries in the log; -1 if the file is empty."""
    if not schema_version(connection):
        return -1
    (length,) = connection.execute(statements("log")["length"]).fetchone()
    return int(length)

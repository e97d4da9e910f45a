"""Backups of the store: on demand, daily with rotation, and restoring one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

from quizapp.errors import StoreError, UsageError
from quizapp.review.store.database import WRITE_TIMEOUT, read_only_uri
from quizapp.review.store.migrate import latest_version, schema_version
from quizapp.review.store.row_mapping import from_micros
from quizapp.review.store.sql_statements import statements
from quizapp.review.store.sqlite_errors import SqliteErrors, stop_when_locked
from quizapp.review.store.store import Store
from quizapp.text.counting import plural
from quizapp.text.durations import local_time

PREFIX = "reviews-"
DAILY, WEEKLY, MONTHLY = 7, 4, 12
"""Numbers of backups kept: one for each of the latest days, weeks and months."""


def back_up(store: Store, target: Path) -> Path:
    """Write a consistent copy to `target`, complete or not at all.

    Raises UsageError if `target` is the store itself or a file that is not a database.
    """
    _require_different(store.path, target)
    if target.exists() and not _is_database(target):
        raise UsageError(f"{target} is an existing file and not a backup", "name a new file")
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    with SqliteErrors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(partial)) as copy:
                store.database.copy_into(copy)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    return target


def backup_daily(store: Store, folder: Path, today: date) -> Path | None:
    """Make the backup of `today`, unless it exists, and delete those that the rotation no longer keeps."""
    target = folder / f"{PREFIX}{today.isoformat()}.db"
    if target.exists():
        return None
    back_up(store, target)
    dated = {day: path for path in folder.glob(f"{PREFIX}*.db") if (day := _backup_date(path))}
    for day in dated.keys() - days_to_keep(dated):
        dated[day].unlink()
    return target


def list_backups(folder: Path) -> list[Path]:
    """Return the daily backups and those made on demand, latest first."""
    return sorted(folder.glob("*.db"), key=lambda path: path.stat().st_mtime, reverse=True)


def describe_backup(path: Path) -> str:
    """Return how many reviews a backup contains and the local time of the last one, as text."""
    try:
        with SqliteErrors(path), closing(sqlite3.connect(read_only_uri(path), uri=True)) as found:
            reviews, last = found.execute(statements("log")["extent"]).fetchone()
    except StoreError:
        return "damaged, or from another version"
    return f"{plural(reviews, 'review')}, the last {local_time(from_micros(last))}" if reviews else "no reviews"


def days_to_keep(days: Iterable[date]) -> set[date]:
    """Return the days whose backups are kept: the latest of each of the last days, weeks and months."""
    ordered = sorted(days, reverse=True)
    keep = set(ordered[:DAILY])
    for count, period in ((WEEKLY, "%G-%V"), (MONTHLY, "%Y-%m")):
        latest: dict[str, date] = {}
        for day in ordered:
            latest.setdefault(day.strftime(period), day)
        keep.update(list(latest.values())[:count])
    return keep


def restore_backup(path: Path, source: Path) -> Path | None:
    """Replace the store at `path` by `source`. Return the path of the replaced store; None if there was none.

    Raises UsageError for a file that is not a backup, StoreError for one that is damaged or from a newer version.
    """
    _require_different(path, source)
    _validate(source)
    replaced = _set_aside(path)
    with SqliteErrors(path), closing(sqlite3.connect(read_only_uri(source), uri=True)) as good:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Through SQLite rather than by renaming: another ptquiz with the file open then sees the restored data.
        with closing(sqlite3.connect(path, timeout=WRITE_TIMEOUT)) as store:
            good.backup(store, progress=stop_when_locked)
    return replaced


def _require_different(store: Path, other: Path) -> None:
    if store.resolve() == other.resolve():
        raise UsageError(f"{other} is the store itself", "name another file")


def _validate(source: Path) -> None:
    """Raise UsageError or StoreError for a file that must not replace a store."""
    if not source.is_file():
        raise UsageError(f"no such file: {source}", "`ptquiz restore` lists the backups")
    if not _is_database(source):
        raise UsageError(f"{source} is not a backup of ptquiz", "`ptquiz restore` lists the backups")
    with SqliteErrors(source), closing(sqlite3.connect(read_only_uri(source), uri=True)) as found:
        (verdict,) = found.execute("pragma integrity_check(1)").fetchone()
        if verdict != "ok":
            raise StoreError(f"{source} is damaged: {verdict}", "restore an older backup")
        version = schema_version(found)
        tables = found.execute("select count(*) from sqlite_master where name in ('log', 'cards')").fetchone()[0]
    if tables < 2 or not version:
        raise UsageError(f"{source} is not a backup of ptquiz", "`ptquiz restore` lists the backups")
    if version > latest_version():
        raise StoreError(f"{source} was written by a newer ptquiz (version {version})", "upgrade ptquiz first")


def _is_database(path: Path) -> bool:
    with SqliteErrors(path), path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def _set_aside(path: Path) -> Path | None:
    """Copy the store to `<name>.replaced`, or move the file there if it is too damaged to be copied."""
    if not path.exists():
        return None
    aside = _unused_name(path.with_name(f"{path.name}.replaced"))
    try:
        with closing(sqlite3.connect(path, timeout=WRITE_TIMEOUT)) as old, closing(sqlite3.connect(aside)) as copy:
            old.backup(copy, progress=stop_when_locked)
            copy.execute("pragma quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" in str(error) or "busy" in str(error):
            aside.unlink(missing_ok=True)
            raise StoreError(f"{path} is in use by another program", "close the other ptquiz and try again") from error
        path.replace(aside)
        for suffix in ("-wal", "-shm"):
            extra = path.with_name(path.name + suffix)
            if extra.exists():
                extra.replace(aside.with_name(aside.name + suffix))
    return aside


def _unused_name(path: Path) -> Path:
    """Return `path`, or the first unused numbered variant."""
    number, unused = 0, path
    while unused.exists():
        number += 1
        unused = path.with_name(f"{path.name}.{number}")
    return unused


def _backup_date(path: Path) -> date | None:
    """Return the date in a daily backup's name; None for other files."""
    try:
        return date.fromisoformat(path.stem.removeprefix(PREFIX))
    except ValueError:
        return None

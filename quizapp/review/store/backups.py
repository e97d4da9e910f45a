"""Backups of the store: on demand, and daily with rotation."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

from quizapp.errors import DamagedError, UsageError
from quizapp.review.store.backup_files import daily_backups, daily_name, is_intact
from quizapp.review.store.sqlite_errors import SqliteErrors
from quizapp.review.store.store import Store
from quizapp.text.files import is_stream, replaced

DAILY, WEEKLY, MONTHLY = 7, 4, 12
"""Numbers of backups kept: one for each of the latest days, weeks and months."""


def back_up(store: Store, target: Path) -> Path:
    """Write a consistent copy to `target`, complete or not at all.

    Raises UsageError if `target` is a folder, the store itself or a file that is not a database, DamagedError if the
    store is damaged: its copy must not replace a good one.
    """
    require_different(store.path, target)
    if target.is_dir():
        raise UsageError(f"{target} is a folder", "name a new file")
    with SqliteErrors(target):
        if target.exists() and not is_stream(target) and not is_database(target):
            raise UsageError(f"{target} is an existing file and not a backup", "name a new file")
        target.parent.mkdir(parents=True, exist_ok=True)
        with replaced(target) as partial, closing(sqlite3.connect(partial)) as copy:
            store.database.copy_into(copy)
            if not is_intact(copy):
                raise DamagedError(
                    f"{store.path} is damaged: no backup was made",
                    "`ptquiz restore` lists the backups, and which of them are damaged",
                )
    return target


def backup_daily(store: Store, folder: Path, today: date) -> Path | None:
    """Make the backup of `today`, unless it exists, and delete those that the rotation no longer keeps."""
    target = folder / daily_name(today)
    if target.exists():
        return None
    back_up(store, target)
    dated = daily_backups(folder)
    for day in dated.keys() - days_to_keep(dated):
        dated[day].unlink()
    return target


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


def require_different(store: Path, other: Path) -> None:
    """Raise UsageError if both are the same file."""
    # Unlike `Path.resolve`, `realpath` accepts a link that leads back to itself.
    if os.path.realpath(store) == os.path.realpath(other):
        raise UsageError(f"{other} is the store itself", "name another file")


def is_database(path: Path) -> bool:
    """Return whether a file begins as SQLite's files do. Raises StoreError if it cannot be read."""
    with SqliteErrors(path), path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"

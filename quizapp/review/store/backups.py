"""Copies of the store: on demand, one a day with rotation, and the way back from one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

from quizapp.errors import StoreError, UsageError
from quizapp.review.store.database import PATIENCE, for_reading
from quizapp.review.store.migrate import newest, version
from quizapp.review.store.row_mapping import moment
from quizapp.review.store.sql_statements import statements
from quizapp.review.store.sqlite_errors import SqliteErrors, give_up_when_locked
from quizapp.review.store.store import Store

PREFIX = "reviews-"
DAILY, WEEKLY, MONTHLY = 7, 4, 12
"""How many copies are kept: of the latest days, weeks and months that have one."""


def back_up(store: Store, target: Path) -> Path:
    """A consistent copy at `target`, there whole or not at all."""
    _apart(store.path, target)
    if target.exists() and not _is_database(target):
        raise UsageError(f"{target} is there already, and is no copy of a store", "name a new file")
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
    """The first call of a day makes a copy and drops those that the rotation no longer keeps."""
    target = folder / f"{PREFIX}{today.isoformat()}.db"
    if target.exists():
        return None
    back_up(store, target)
    found = {day: path for path in folder.glob(f"{PREFIX}*.db") if (day := _day(path))}
    for day in found.keys() - kept(found):
        found[day].unlink()
    return target


def backups(folder: Path) -> list[Path]:
    """Daily copies and those made on demand, the latest first."""
    return sorted(folder.glob("*.db"), key=lambda path: path.stat().st_mtime, reverse=True)


def described(path: Path) -> str:
    """How much is in a copy, in words."""
    try:
        with SqliteErrors(path), closing(sqlite3.connect(for_reading(path), uri=True)) as found:
            reviews, last = found.execute(statements("log")["extent"]).fetchone()
    except StoreError:
        return "damaged, or of another version"
    return f"{reviews} reviews, the last {moment(last).astimezone():%Y-%m-%d %H:%M}" if reviews else "no reviews"


def kept(days: Iterable[date]) -> set[date]:
    """Of these days' copies, those to keep: the latest of each of the last days, weeks and months."""
    ordered = sorted(days, reverse=True)
    keep = set(ordered[:DAILY])
    for count, period in ((WEEKLY, "%G-%V"), (MONTHLY, "%Y-%m")):
        latest: dict[str, date] = {}
        for day in ordered:
            latest.setdefault(day.strftime(period), day)
        keep.update(list(latest.values())[:count])
    return keep


def restore_backup(path: Path, source: Path) -> Path | None:
    """Make `source` the store at `path`. Gives where the replaced store lies now; None where there was none."""
    _apart(path, source)
    _check(source)
    former = _set_aside(path)
    with SqliteErrors(path), closing(sqlite3.connect(for_reading(source), uri=True)) as good:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Through SQLite and not by renaming: another ptquiz that has the file open sees the restored one.
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as store:
            good.backup(store, progress=give_up_when_locked)
    return former


def _apart(store: Path, other: Path) -> None:
    if store.resolve() == other.resolve():
        raise UsageError(f"{other} is the store itself", "name another file")


def _check(source: Path) -> None:
    """Raises for a file that must not replace a store."""
    if not source.is_file():
        raise UsageError(f"no such file: {source}")
    if not _is_database(source):
        raise UsageError(f"{source} is no backup of ptquiz", "`ptquiz restore` lists the daily copies")
    with SqliteErrors(source), closing(sqlite3.connect(for_reading(source), uri=True)) as found:
        (verdict,) = found.execute("pragma integrity_check(1)").fetchone()
        if verdict != "ok":
            raise StoreError(f"{source} is damaged: {verdict}", "restore an older backup")
        number = version(found)
        tables = found.execute("select count(*) from sqlite_master where name in ('log', 'cards')").fetchone()[0]
    if tables < 2 or not number:
        raise UsageError(f"{source} is no backup of ptquiz")
    if number > newest():
        raise StoreError(f"{source} was written by a newer ptquiz (version {number})", "upgrade ptquiz first")


def _is_database(path: Path) -> bool:
    with SqliteErrors(path), path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def _set_aside(path: Path) -> Path | None:
    """A copy of the present store, or the file itself where it is too damaged to be copied."""
    if not path.exists():
        return None
    aside = _free(path.with_name(f"{path.name}.replaced"))
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as old, closing(sqlite3.connect(aside)) as copy:
            old.backup(copy, progress=give_up_when_locked)
            copy.execute("pragma quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" in str(error) or "busy" in str(error):
            aside.unlink(missing_ok=True)
            raise StoreError(f"{path} is in use by another program", "close the other ptquiz and try again") from error
        path.replace(aside)
        for ending in ("-wal", "-shm"):
            beside = path.with_name(path.name + ending)
            if beside.exists():
                beside.replace(aside.with_name(aside.name + ending))
    return aside


def _free(path: Path) -> Path:
    """`path`, or the first numbered name beside it that nothing has."""
    number, found = 0, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}.{number}")
    return found


def _day(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem.removeprefix(PREFIX))
    except ValueError:
        return None

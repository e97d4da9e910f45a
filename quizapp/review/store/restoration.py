"""Restoring a backup; the replaced store is kept beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from quizapp.errors import DamagedError, StoreError, UsageError
from quizapp.review.store.backup_files import backup_time, list_backups, log_length, open_read_only
from quizapp.review.store.backups import is_database, require_different
from quizapp.review.store.completeness import RESTORED, newest_backup
from quizapp.review.store.database import WRITE_TIMEOUT
from quizapp.review.store.migrate import latest_version, schema_version
from quizapp.review.store.sql_statements import statements
from quizapp.review.store.sqlite_errors import SqliteErrors, require_file, stop_when_locked

LIST_HINT = "`ptquiz restore` lists the backups"


def restore_backup(path: Path, source: Path, backups: Path | None = None) -> Path | None:
    """Replace the store at `path` by `source`. Return the path of the replaced store; None if there was none.

    If a later backup in the folder `backups` has more entries, the store records that it is older on purpose.
    Raises UsageError for a file that is not a backup, StoreError for one that is damaged or from a newer version.
    """
    require_different(path, source)
    _validate(source)
    newest = newest_backup(list_backups(backups)) if backups else None
    with SqliteErrors(path), closing(open_read_only(source)) as good:
        replaced = _set_aside(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Through SQLite rather than by renaming: another ptquiz with the file open then sees the restored data.
        with closing(sqlite3.connect(path, timeout=WRITE_TIMEOUT, isolation_level=None)) as store:
            good.backup(store, progress=stop_when_locked)
            if newest and newest.length > log_length(good):
                time = backup_time(newest.path).isoformat()
                store.execute(statements("cards")["set meta"], (RESTORED, time))
    return replaced


def _validate(source: Path) -> None:
    """Raise UsageError or StoreError for a file that must not replace a store."""
    if not source.exists():
        raise UsageError(f"no such file: {source}", LIST_HINT)
    if not source.is_file():
        raise UsageError(f"{source} is not a file", LIST_HINT)
    if not is_database(source):
        raise UsageError(f"{source} is not a backup of ptquiz", LIST_HINT)
    try:
        with SqliteErrors(source), closing(open_read_only(source)) as found:
            # One line: SQLite's own report of a fault has several.
            is_sound = found.execute("pragma integrity_check(1)").fetchone()[0] == "ok"
            version = schema_version(found)
            tables = found.execute("select count(*) from sqlite_master where name in ('log', 'cards')").fetchone()[0]
    except DamagedError:
        is_sound = False
    if not is_sound:
        raise DamagedError(f"{source} is damaged", f"restore another backup: {LIST_HINT}")
    if tables < 2 or not version:
        raise UsageError(f"{source} is not a backup of ptquiz", LIST_HINT)
    if version > latest_version():
        raise StoreError(f"{source} was written by a newer ptquiz (version {version})", "upgrade ptquiz first")


def _set_aside(path: Path) -> Path | None:
    """Copy the store to `<name>.replaced`, or move the files there if a copy would not contain all entries."""
    aside = _unused_name(path.with_name(f"{path.name}.replaced"))
    # A link that leads back to itself does not exist.
    if path.exists() or path.is_symlink():
        try:
            require_file(path)
        except StoreError:
            return _move(path, aside)
    if not path.exists():
        # SQLite deletes a write-ahead log without its file; it may contain the latest reviews.
        _move_logs(path, aside)
        return None
    try:
        if _log_hides_entries(path):
            return _move(path, aside)
        with closing(sqlite3.connect(path, timeout=WRITE_TIMEOUT)) as old, closing(sqlite3.connect(aside)) as copy:
            old.backup(copy, progress=stop_when_locked)
            copy.execute("pragma quick_check(1)").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if "locked" in str(error) or "busy" in str(error):
            aside.unlink(missing_ok=True)
            raise StoreError(f"{path} is in use by another program", "close the other ptquiz and try again") from error
        return _move(path, aside)
    return aside


def _log_hides_entries(path: Path) -> bool:
    """Return whether the file has more entries without the write-ahead log beside it, which is then another file's."""
    if not path.with_name(f"{path.name}-wal").exists():
        return False
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as alone:
        length = log_length(alone)
    with closing(open_read_only(path)) as found:
        return length > log_length(found)


def _move(path: Path, aside: Path) -> Path:
    path.replace(aside)
    _move_logs(path, aside)
    return aside


def _move_logs(path: Path, aside: Path) -> None:
    """Move the write-ahead log and its index beside `aside`."""
    for suffix in ("-wal", "-shm"):
        extra = path.with_name(path.name + suffix)
        if extra.exists() or extra.is_symlink():
            extra.replace(aside.with_name(aside.name + suffix))


def _unused_name(path: Path) -> Path:
    """Return `path`, or the first unused numbered variant."""
    number, unused = 0, path
    while unused.exists():
        number += 1
        unused = path.with_name(f"{path.name}.{number}")
    return unused

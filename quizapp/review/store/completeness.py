"""The comparison of the store with its backups: a store that lost entries is never taken for a new one."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from quizapp.errors import DamagedError, StoreError
from quizapp.review.store.backup_files import backup_time, is_intact, list_backups, log_length, open_read_only
from quizapp.review.store.migrate import refuse_newer
from quizapp.review.store.sql_statements import statements
from quizapp.review.store.sqlite_errors import SqliteErrors, require_file
from quizapp.text.counting import plural

RESTORED = "restored"
"""Key in the table `meta`: the time of the latest backup when an older one was restored on purpose."""


class Backup(NamedTuple):
    """An intact backup, and the number of entries in its log."""

    path: Path
    length: int


def require_complete(path: Path, folder: Path) -> None:
    """Raise StoreError if the store at `path` has fewer entries than its latest intact backup in `folder`.

    Nothing is written. The log only grows, so a shorter one was lost, truncated, or replaced by another file.
    """
    backups = list_backups(folder)
    if not backups:
        return
    try:
        length, restored = _contents(path)
    except DamagedError as error:
        raise DamagedError(error.message, restore_hint(folder) or error.hint) from error
    later = [backup for backup in backups if restored is None or backup_time(backup) > restored]
    newest = newest_backup(later, length)
    if newest and newest.length > length:
        raise StoreError(
            f"{path} {_fault(path, length)}; its backup {newest.path} contains {_entries(newest.length)}",
            _hint(newest, folder),
        )


def restore_hint(folder: Path) -> str | None:
    """Return a hint that names the latest intact backup; None if there is none."""
    newest = newest_backup(list_backups(folder))
    if newest is None:
        return None
    return f"`ptquiz restore {newest.path}` restores {_entries(newest.length)}; the damaged file is kept beside it"


def newest_backup(backups: Iterable[Path], length: int | None = None) -> Backup | None:
    """Return the first of `backups` that is intact; one of at most `length` entries is not checked for damage."""
    for path in backups:
        try:
            with SqliteErrors(path), closing(open_read_only(path)) as found:
                backup = Backup(path, log_length(found))
                if backup.length >= 0 and ((length is not None and backup.length <= length) or is_intact(found)):
                    return backup
        except StoreError:
            continue
    return None


def _contents(path: Path) -> tuple[int, datetime | None]:
    """Return the length of the store's log (-1 if there is no file), and the time that `RESTORED` contains."""
    with SqliteErrors(path):
        require_file(path)
        if not path.exists():
            return -1, None
        with closing(open_read_only(path)) as store:
            refuse_newer(store, path)
            length = log_length(store)
            row = store.execute(statements("cards")["get meta"], (RESTORED,)).fetchone() if length >= 0 else None
    return length, datetime.fromisoformat(row[0]) if row else None


def _fault(path: Path, length: int) -> str:
    if length >= 0:
        return f"contains {_entries(length)}"
    return "is empty" if path.exists() else "is missing"


def _entries(length: int) -> str:
    return plural(length, "log entry").replace(str(length), f"{length:,}", 1)


def _hint(newest: Backup, folder: Path) -> str:
    return f"`ptquiz restore {newest.path}` restores it; to go on without it, move the folder {folder} away"

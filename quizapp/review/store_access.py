"""Opening, exporting and importing the store, for the commands and both front ends."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, tzinfo
from typing import IO, Literal

from quizapp.errors import StoreError
from quizapp.review.days import Days
from quizapp.review.memory_rebuild import rebuild
from quizapp.review.store import Store
from quizapp.review.store.backups import backup_daily, list_backups
from quizapp.review.store.exchange import export_csv, export_json, import_csv, import_json
from quizapp.settings import Locations, Settings

ExportFormat = Literal["json", "csv"]


def open_store(where: Locations, settings: Settings, now: datetime, zone: tzinfo | None = None) -> Store:
    """Open the store, make the day's backup and update the sums. Raises StoreError if it cannot be used."""
    _refuse_emptied(where)
    store = Store(where.store)
    today = date.fromordinal(Days(zone, settings.day_offset).of(now))
    # A full disk or a read-only folder must not block studying.
    with suppress(StoreError):
        if store.log.has_entries():
            backup_daily(store, where.backups, today)
    with suppress(StoreError):
        store.statistics.update_sums()
    return store


def _refuse_emptied(where: Locations) -> None:
    """Raise StoreError for an empty file with backups: SQLite would take it for a new store."""
    is_empty = where.store.is_file() and not where.store.stat().st_size
    if is_empty and not where.store.with_name(where.store.name + "-wal").exists() and list_backups(where.backups):
        raise StoreError(
            f"{where.store} is empty, but there are backups of it",
            "`ptquiz restore` lists the backups; to start over, delete the empty file",
        )


def export_reviews(store: Store, out: IO[str], form: ExportFormat) -> None:
    """Write everything (JSON) or the log (CSV)."""
    write = export_json if form == "json" else export_csv
    write(store, out)


def import_reviews(store: Store, source: IO[str], form: ExportFormat, settings: Settings) -> int:
    """Add the entries of an export and rebuild the memories; return how many were new. All or nothing.

    Raises UsageError for a file that is not an export, or for another history than the store's.
    """
    with store.database.transaction():
        read = import_json if form == "json" else import_csv
        added = read(store, source)
        if added:
            rebuild(store, settings)
    return added

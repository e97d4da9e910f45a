"""The store as the commands open, keep, hand out and take in."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, tzinfo
from typing import IO, Literal

from quizapp.errors import StoreError
from quizapp.review.days import Days
from quizapp.review.memory_rebuild import rebuild
from quizapp.review.store import Store
from quizapp.review.store.backups import backup_daily, backups
from quizapp.review.store.exchange import export_csv, export_json, import_csv, import_json
from quizapp.settings import Locations, Settings

Form = Literal["json", "csv"]


def open_store(where: Locations, settings: Settings, now: datetime, zone: tzinfo | None = None) -> Store:
    """Opens it, behind the day's backup, its sums nearly up to date. Raises StoreError where it cannot be used."""
    _refuse_emptied(where)
    store = Store(where.store)
    today = date.fromordinal(Days(zone, settings.day_offset).of(now))
    # A full disk or a folder that cannot be written must not keep anyone from what is due.
    with suppress(StoreError):
        if store.log.any():
            backup_daily(store, where.backups, today)
    with suppress(StoreError):
        store.figures.sum_up()
    return store


def _refuse_emptied(where: Locations) -> None:
    """SQLite would take a file cut to nothing for a new one; where there are copies, it held reviews."""
    emptied = where.store.is_file() and not where.store.stat().st_size
    if emptied and not where.store.with_name(where.store.name + "-wal").exists() and backups(where.backups):
        raise StoreError(
            f"{where.store} is empty, and it held reviews",
            "`ptquiz restore` lists the daily copies; to begin anew, delete the empty file",
        )


def export_reviews(store: Store, out: IO[str], form: Form) -> None:
    """JSON: all there is. CSV: the log."""
    write = export_json if form == "json" else export_csv
    write(store, out)


def import_reviews(store: Store, source: IO[str], form: Form, settings: Settings) -> int:
    """Add an export's entries and what follows from them; gives how many were new. All or nothing."""
    with store.database.transaction():
        read = import_json if form == "json" else import_csv
        added = read(store, source)
        if added:
            rebuild(store, settings)
    return added

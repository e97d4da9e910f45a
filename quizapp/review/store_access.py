"""Opening, exporting and importing the store, for the commands and both front ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, tzinfo
from typing import IO, Literal

from quizapp.errors import DamagedError, PtquizError, StoreError, UsageError
from quizapp.review.days import Days
from quizapp.review.store import Store
from quizapp.review.store.backups import backup_daily
from quizapp.review.store.completeness import require_complete, restore_hint
from quizapp.review.store.exchange import (
    HEADER,
    SEPARATORS,
    TextOutput,
    export_csv,
    export_json,
    import_csv,
    import_json,
)
from quizapp.settings import Locations, Settings

ExportFormat = Literal["json", "csv"]


def open_store(
    where: Locations,
    settings: Settings,
    now: datetime,
    zone: tzinfo | None = None,
    warn: Callable[[PtquizError], None] = lambda error: None,
) -> Store:
    """Open the store, make the day's backup and update the sums. `warn` is called if the store is damaged.

    Raises StoreError if it cannot be used, or has fewer entries than its latest backup.
    """
    require_complete(where.store, where.backups)
    store = Store(where.store)
    today = date.fromordinal(Days(zone, settings.day_offset).of(now))
    # A full disk or a read-only folder must not block studying.
    with suppress(StoreError):
        try:
            if store.log.has_entries():
                backup_daily(store, where.backups, today)
        except DamagedError as error:
            warn(DamagedError(error.message, restore_hint(where.backups) or error.hint))
    with suppress(StoreError):
        store.statistics.update_sums()
    return store


def export_reviews(store: Store, out: TextOutput, form: ExportFormat) -> None:
    """Write everything (JSON) or the log (CSV)."""
    write = export_json if form == "json" else export_csv
    write(store, out)


def find_format(text: str, suffix: str) -> ExportFormat:
    """Return the format of a file by its beginning, else by the suffix of its name. Raises UsageError."""
    if text[:1000].lstrip().startswith(("{", "[")):
        return "json"
    if re.match(f'"?{HEADER[0]}"?[{SEPARATORS}]', text) or suffix.lower() == ".csv":
        return "csv"
    if suffix.lower() == ".json":
        return "json"
    raise UsageError("neither JSON nor CSV of `ptquiz export`", "say which it is: `--format json` or `--format csv`")


def import_reviews(store: Store, source: IO[str], form: ExportFormat, settings: Settings) -> int:
    """Add the entries of an export and rebuild the memories; return how many were new. All or nothing.

    Raises UsageError for a file that is not an export, or for another history than the store's.
    """
    with store.database.transaction():
        read = import_json if form == "json" else import_csv
        added = read(store, source)
        if added:
            # Imported late: opening the store needs no scheduler.
            from quizapp.review.memory_rebuild import rebuild

            rebuild(store, settings)
    return added

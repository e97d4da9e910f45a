"""Export and import in files that other programs can read: JSON contains everything, CSV only the log."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from quizapp.errors import UsageError
from quizapp.review.memory import MemoryState, Rating
from quizapp.review.store.row_mapping import Attempt, EntryKind, from_micros, to_micros
from quizapp.review.store.sql_statements import statements
from quizapp.review.store.store import Store

SQL = statements("exchange")
FORMAT = 1
EXPORT_AGAIN = "export the history again with `ptquiz export`"
JSON_HINT = "write one with `ptquiz export --format json`"


@dataclass(frozen=True, slots=True)
class Column:
    """One field of an entry: its name in the file, and how its value is written and read."""

    name: str
    write: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


def _slug(value: int, kinds: type[EntryKind] | type[Rating] | type[MemoryState]) -> str:
    return kinds(value).name.lower()


def _time(value: int) -> str:
    return from_micros(value).isoformat()


def _micros(value: str) -> int:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f"`{value}` has no time zone")
    return to_micros(moment)


COLUMNS = (
    Column("kind", lambda v: _slug(v, EntryKind), lambda v: int(EntryKind[v.upper()])),
    Column("card", read=str),
    Column("at", _time, _micros),
    Column("day", lambda v: date.fromordinal(v).isoformat(), lambda v: date.fromisoformat(v).toordinal()),
    Column("value", read=int),
    Column("rating", lambda v: _slug(v, Rating), lambda v: int(Rating[v.upper()])),
    Column("proposed", lambda v: _slug(v, Rating), lambda v: int(Rating[v.upper()])),
    Column("why", read=str),
    Column("outcome", read=str),
    Column("first_outcome", read=str),
    Column("score", read=float),
    Column("tries", read=int),
    Column("hints", read=int),
    Column("gave_up", bool, lambda v: int(v in (True, 1, "True", "1"))),
    Column("seconds", read=float),
    Column("mistake", read=str),
    Column("before", lambda v: _slug(v, MemoryState), lambda v: int(MemoryState[v.upper()])),
    Column("elapsed_days", read=int),
    Column("scheduled_days", read=int),
    Column("predicted", read=float),
    Column("state", lambda v: _slug(v, MemoryState), lambda v: int(MemoryState[v.upper()])),
    Column("step", read=int),
    Column("stability", read=float),
    Column("difficulty", read=float),
    Column("due", _time, _micros),
    Column("fingerprint", read=str),
    Column("undone", _time, _micros),
)
"""The fields in the order of the statements `entries` and `add entry`."""

ATTEMPT_FIELDS = ("card", "at", "answer", "outcome", "score", "mistake", "said", "seconds", "cram")
REQUIRED = {"kind", "card", "at", "day"}
REQUIRED_OF_RATING = {"rating", "proposed", "score", "tries", "hints", "gave_up", "seconds", "before", "scheduled_days"}
REQUIRED_OF_MEMORY = {"state", "stability", "difficulty", "due"}
TEXT_FIELDS = ("why", "outcome", "first_outcome", "fingerprint")


def entries(store: Store) -> Iterator[dict[str, Any]]:
    """Yield every entry of the log, oldest first, under the stable names of the export format."""
    for row in store.database.stream(SQL["entries"]):
        yield {column.name: None if value is None else column.write(value) for column, value in _pairs(row)}


def export_csv(store: Store, out: IO[str]) -> None:
    """Write the log with a header line."""
    writer = csv.DictWriter(out, [column.name for column in COLUMNS], lineterminator="\n")
    writer.writeheader()
    writer.writerows(entries(store))


def export_json(store: Store, out: IO[str]) -> None:
    """Write one object with one entry per line, so that a long history is never in memory as a whole."""
    out.write(f'{{"ptquiz": {FORMAT},\n"log": [')
    _lines(entries(store), out)
    out.write('],\n"attempts": [')
    attempts = store.database.stream(SQL["attempts"])
    _lines((dict(zip(ATTEMPT_FIELDS, (row[0], _time(row[1]), *row[2:]), strict=True)) for row in attempts), out)
    out.write('],\n"drafts": [')
    drafts = store.database.stream(SQL["drafts"])
    _lines(({"card": card, "text": text, "at": _time(at)} for card, text, at in drafts), out)
    out.write("]}\n")


def _lines(items: Iterable[dict[str, Any]], out: IO[str]) -> None:
    for number, item in enumerate(items):
        out.write(",\n" if number else "\n")
        json.dump(item, out, ensure_ascii=False)


def import_json(store: Store, source: IO[str]) -> int:
    """Add the entries and return how many were new; `rebuild` the memories afterwards. All or nothing.

    Raises UsageError for a file that is not an export, or for another history than the store's.
    """
    try:
        data = json.load(source)
    except ValueError as error:
        raise UsageError(f"not an export of ptquiz: {error}", JSON_HINT) from error
    if not isinstance(data, dict) or data.get("ptquiz") != FORMAT or not isinstance(data.get("log"), list):
        raise UsageError("not an export of ptquiz", JSON_HINT)
    with store.database.transaction():
        is_empty = store.database.row(SQL["has data"]) is None
        added = _add(store, data["log"])
        if is_empty:
            _add_attempts_and_drafts(store, data)
    return added


def import_csv(store: Store, source: IO[str]) -> int:
    """Add the entries like `import_json`."""
    rows = csv.DictReader(source)
    if tuple(rows.fieldnames or ()) != tuple(column.name for column in COLUMNS):
        raise UsageError("not an export of ptquiz", "write one with `ptquiz export --format csv`")
    with store.database.transaction():
        return _add(store, ({key: value or None for key, value in row.items()} for row in rows))


def _add(store: Store, items: Iterable[dict[str, Any]]) -> int:
    """Add the entries that are not in the store; two histories are never mixed."""
    known = set(store.database.rows(SQL["known entries"]))
    added = 0
    for number, item in enumerate(items, 1):
        *values, undone = _read(item, number)
        kind, card, at = values[0], values[1], values[2]
        if (card, at, kind) in known:
            continue
        if known:
            raise UsageError(
                f"this store has a different history: entry {number} is not among its {len(known):,} entries",
                "import into an empty store: set PTQUIZ_HOME to a new folder",
            )
        values[1] = store.cards.ensure_id(card)
        entry = store.database.run(SQL["add entry"], values)
        if undone is not None:
            store.database.run(SQL["add undone"], (entry, undone))
        added += 1
    return added


def _read(item: dict[str, Any], number: int) -> list[Any]:
    if not isinstance(item, dict):
        raise UsageError(f"entry {number} is not an object: `{item}`", EXPORT_AGAIN)
    values = []
    for column in COLUMNS:
        value = item.get(column.name)
        try:
            values.append(None if value is None else column.read(value))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"entry {number}: `{column.name}` is not valid: `{value}`", EXPORT_AGAIN) from error
    kind = None if values[0] is None else EntryKind(values[0])
    if kind is EntryKind.REVIEW:
        # CSV does not distinguish an empty text from no value.
        values = ["" if value is None and column.name in TEXT_FIELDS else value for column, value in _pairs(values)]
    required = REQUIRED | (REQUIRED_OF_RATING if kind in (EntryKind.REVIEW, EntryKind.CRAM) else {"value"})
    required |= REQUIRED_OF_MEMORY if kind is EntryKind.REVIEW else set()
    if missing := [column.name for column, value in _pairs(values) if value is None and column.name in required]:
        raise UsageError(f"entry {number}: `{missing[0]}` is missing", EXPORT_AGAIN)
    return values


def _pairs(values: Sequence[Any]) -> Iterator[tuple[Column, Any]]:
    return zip(COLUMNS, values, strict=True)


def _add_attempts_and_drafts(store: Store, data: dict[str, Any]) -> None:
    """Add attempts and drafts to an empty store."""
    try:
        for item in data.get("attempts", ()):
            values = (item[name] for name in ATTEMPT_FIELDS[2:])
            store.drafts.add_attempt(item["card"], Attempt(from_micros(_micros(item["at"])), *values))
        for item in data.get("drafts", ()):
            store.drafts.save_draft(item["card"], item["text"], from_micros(_micros(item["at"])))
    except (KeyError, TypeError, ValueError, sqlite3.IntegrityError, sqlite3.ProgrammingError) as error:
        raise UsageError(f"an attempt or a draft is not valid: {error!r}", EXPORT_AGAIN) from error

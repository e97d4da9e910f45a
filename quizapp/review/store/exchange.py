"""The whole history in a file that other programs read: JSON has everything, CSV the log alone."""

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
from quizapp.review.store.row_mapping import Attempt, EntryKind, micro, moment
from quizapp.review.store.sql_statements import statements
from quizapp.review.store.store import Store

SQL = statements("exchange")
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One field of an entry: its name outside, and how its value is written and read."""

    name: str
    write: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


def _slug(value: int, kinds: type[EntryKind] | type[Rating] | type[MemoryState]) -> str:
    return kinds(value).name.lower()


def _time(value: int) -> str:
    return moment(value).isoformat()


def _micros(value: str) -> int:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(f"`{value}` has no time zone")
    return micro(found)


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

ATTEMPT = ("card", "at", "answer", "outcome", "score", "mistake", "said", "seconds", "cram")
NEEDED = {"kind", "card", "at", "day"}
OF_A_RATING = {"rating", "proposed", "score", "tries", "hints", "gave_up", "seconds", "before", "scheduled_days"}
OF_A_MEMORY = {"state", "stability", "difficulty", "due"}
TEXTS = ("why", "outcome", "first_outcome", "fingerprint")


def entries(store: Store) -> Iterator[dict[str, Any]]:
    """Every entry of the log, in order, under names that do not change."""
    for row in store.database.stream(SQL["entries"]):
        yield {column.name: None if value is None else column.write(value) for column, value in _pairs(row)}


def export_csv(store: Store, out: IO[str]) -> None:
    writer = csv.DictWriter(out, [column.name for column in COLUMNS], lineterminator="\n")
    writer.writeheader()
    writer.writerows(entries(store))


def export_json(store: Store, out: IO[str]) -> None:
    """One object; an entry a line, so that a long history is never held whole."""
    out.write(f'{{"ptquiz": {FORMAT},\n"log": [')
    _lines(entries(store), out)
    out.write('],\n"attempts": [')
    attempts = store.database.stream(SQL["attempts"])
    _lines((dict(zip(ATTEMPT, (row[0], _time(row[1]), *row[2:]), strict=True)) for row in attempts), out)
    out.write('],\n"drafts": [')
    drafts = store.database.stream(SQL["drafts"])
    _lines(({"card": card, "text": text, "at": _time(at)} for card, text, at in drafts), out)
    out.write("]}\n")


def _lines(items: Iterable[dict[str, Any]], out: IO[str]) -> None:
    for number, item in enumerate(items):
        out.write(",\n" if number else "\n")
        json.dump(item, out, ensure_ascii=False)


def import_json(store: Store, source: IO[str]) -> int:
    """Entries added; call `rebuild` then. Raises UsageError for a file that is no export."""
    try:
        data = json.load(source)
    except ValueError as error:
        raise UsageError(f"this is no export: {error}") from error
    if not isinstance(data, dict) or data.get("ptquiz") != FORMAT or not isinstance(data.get("log"), list):
        raise UsageError("this is no export of ptquiz", "write one with `ptquiz export --format json`")
    with store.database.transaction():
        bare = store.database.row(SQL["any"]) is None
        added = _add(store, data["log"])
        if bare:
            _add_work(store, data)
    return added


def import_csv(store: Store, source: IO[str]) -> int:
    """Entries added; call `rebuild` then."""
    rows = csv.DictReader(source)
    if tuple(rows.fieldnames or ()) != tuple(column.name for column in COLUMNS):
        raise UsageError("this is no export of ptquiz", "write one with `ptquiz export --format csv`")
    with store.database.transaction():
        return _add(store, ({key: value or None for key, value in row.items()} for row in rows))


def _add(store: Store, items: Iterable[dict[str, Any]]) -> int:
    """All or nothing: a history of one's own is never mixed with another."""
    there = set(store.database.rows(SQL["there"]))
    had, added = bool(there), 0
    for number, item in enumerate(items, 1):
        *values, undone = _read(item, number)
        kind, card, at = values[0], values[1], values[2]
        if (card, at, kind) in there:
            continue
        if had:
            raise UsageError(
                f"this store has a history of its own ({len(there)} entries), and entry {number} is not in it",
                "import into an empty store: set PTQUIZ_HOME to a new folder",
            )
        values[1] = store.cards.id(card)
        entry = store.database.run(SQL["add entry"], values)
        if undone is not None:
            store.database.run(SQL["add undone"], (entry, undone))
        added += 1
    return added


def _read(item: dict[str, Any], number: int) -> list[Any]:
    if not isinstance(item, dict):
        raise UsageError(f"entry {number} is no object: `{item}`")
    values = []
    for column in COLUMNS:
        value = item.get(column.name)
        try:
            values.append(None if value is None else column.read(value))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"entry {number}: `{column.name}` is not usable: `{value}`") from error
    kind = None if values[0] is None else EntryKind(values[0])
    if kind is EntryKind.REVIEW:
        # CSV does not tell an empty text from none at all.
        values = ["" if value is None and column.name in TEXTS else value for column, value in _pairs(values)]
    needed = NEEDED | (OF_A_RATING if kind in (EntryKind.REVIEW, EntryKind.CRAM) else {"value"})
    needed |= OF_A_MEMORY if kind is EntryKind.REVIEW else set()
    if lacking := [column.name for column, value in _pairs(values) if value is None and column.name in needed]:
        raise UsageError(f"entry {number} lacks `{lacking[0]}`")
    return values


def _pairs(values: Sequence[Any]) -> Iterator[tuple[Column, Any]]:
    return zip(COLUMNS, values, strict=True)


def _add_work(store: Store, data: dict[str, Any]) -> None:
    """Attempts and drafts, into a store that had nothing."""
    try:
        _add_attempts_and_drafts(store, data)
    except (KeyError, TypeError, ValueError, sqlite3.IntegrityError, sqlite3.ProgrammingError) as error:
        raise UsageError(f"an attempt or a draft is not usable: {error!r}") from error


def _add_attempts_and_drafts(store: Store, data: dict[str, Any]) -> None:
    for item in data.get("attempts", ()):
        at = moment(_micros(item["at"]))
        facts = (item[name] for name in ATTEMPT[2:])
        attempt = Attempt(at, *facts)
        store.work.add_attempt(item["card"], attempt)
    for item in data.get("drafts", ()):
        store.work.save_draft(item["card"], item["text"], moment(_micros(item["at"])))

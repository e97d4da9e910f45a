"""Export and import in files that other programs can read: JSON contains everything, CSV only the log."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Any, Protocol

from quizapp.errors import UsageError
from quizapp.review.store.exchange_fields import (
    ATTEMPT_FIELDS,
    COLUMNS,
    DRAFT_FIELDS,
    EXPORT_AGAIN,
    InvalidValueError,
    read_entry,
    read_item,
    write_item,
)
from quizapp.review.store.row_mapping import Attempt, from_micros
from quizapp.review.store.sql_statements import statements
from quizapp.review.store.store import Store
from quizapp.text.clipping import clip
from quizapp.text.printable import json_text

SQL = statements("exchange")
FORMAT = 1
JSON_HINT = "write one with `ptquiz export --format json`"
CSV_HINT = "write one with `ptquiz export --format csv`"
HEADER = tuple(field.name for field in COLUMNS)
SEPARATORS = ",;\t"
"""What separates the fields of CSV: ptquiz writes commas; spreadsheets also write semicolons and tabs."""

DATE = r"(?!\d{4}-\d\d-\d\d$)\d{1,4}[./-](\d{1,2}|[^\W\d]{3,9})[./-]\d{1,4}([ T].*)?"
RESAVED = re.compile(rf"[+-]?\d+[.,]?\d*E[+-]?\d+|[+-]?\d+,\d+|{DATE}")
"""Dates and numbers as spreadsheets write them."""


class TextOutput(Protocol):
    """A text file to write, or standard output."""

    def write(self, text: str, /) -> int: ...


def entries(store: Store) -> Iterator[dict[str, Any]]:
    """Yield every entry of the log, oldest first, under the stable names of the export format."""
    for row in store.database.stream(SQL["entries"]):
        yield write_item(COLUMNS, row)


def export_csv(store: Store, out: TextOutput) -> None:
    """Write the log with a header line."""
    writer = csv.DictWriter(out, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows(entries(store))


def export_json(store: Store, out: TextOutput) -> None:
    """Write one object with one entry per line, so that a long history is never in memory as a whole."""
    out.write(f'{{"ptquiz": {FORMAT},\n"log": [')
    _lines(entries(store), out)
    out.write('],\n"attempts": [')
    _lines((write_item(ATTEMPT_FIELDS, row) for row in store.database.stream(SQL["attempts"])), out)
    out.write('],\n"drafts": [')
    _lines((write_item(DRAFT_FIELDS, row) for row in store.database.stream(SQL["drafts"])), out)
    out.write("]}\n")


def _lines(items: Iterable[dict[str, Any]], out: TextOutput) -> None:
    for number, item in enumerate(items):
        out.write(",\n" if number else "\n")
        out.write(json_text(item))


def import_json(store: Store, source: IO[str]) -> int:
    """Add the entries and return how many were new; `rebuild` the memories afterwards. All or nothing.

    Raises UsageError for a file that is not an export, or for another history than the store's.
    """
    data = _load(source)
    with store.database.transaction():
        is_empty = store.database.row(SQL["has data"]) is None
        added = _add(store, _json_entries(data["log"]))
        if is_empty:
            _add_attempts(store, data.get("attempts", []))
            _add_drafts(store, data.get("drafts", []))
    return added


def import_csv(store: Store, source: IO[str]) -> int:
    """Add the entries like `import_json`."""
    header = source.readline()
    reader = csv.reader(chain([header], source), delimiter=max(SEPARATORS, key=header.count), strict=True)
    with store.database.transaction():
        return _add(store, _csv_entries(reader))


def _load(source: IO[str]) -> dict[str, Any]:
    try:
        data = json.load(source)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"{place}: not JSON, so not an export of ptquiz: {error.msg}", JSON_HINT) from error
    except ValueError as error:
        raise UsageError("not an export of ptquiz: it contains a number with too many digits", JSON_HINT) from error
    except RecursionError as error:
        raise UsageError("not an export of ptquiz: its lists and objects are nested too deeply", JSON_HINT) from error
    _require_export(data)
    found: dict[str, Any] = data
    return found


def _require_export(data: Any) -> None:
    """Raise UsageError for JSON that is not an export, or one of a newer version."""
    version = data.get("ptquiz") if isinstance(data, dict) else None
    if isinstance(version, int) and version > FORMAT:
        message = f"written by a newer ptquiz (format {clip(str(version), 20)}; this one reads {FORMAT})"
        raise UsageError(message, "upgrade ptquiz")
    if version != FORMAT:
        raise UsageError(f'not an export of ptquiz: it does not begin with `{{"ptquiz": {FORMAT}`', JSON_HINT)
    for key in ("log", "attempts", "drafts"):
        if not isinstance(data.get(key, None if key == "log" else []), list):
            raise UsageError(f"not an export of ptquiz: `{key}` is not a list", JSON_HINT)


def _json_entries(log: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield (place, values) of each entry. Raises UsageError for one that is not valid."""
    for number, item in enumerate(log, 1):
        place = f"entry {number}"
        yield place, read_entry(item, place)


def _csv_entries(reader: Any) -> Iterator[tuple[str, list[Any]]]:
    """Yield (place, values) of each row after the header. Raises UsageError for a file that is not an export."""
    try:
        if tuple(next(reader, ())) != HEADER:
            raise UsageError("line 1: not an export of ptquiz: the header names other columns", CSV_HINT)
        for row in reader:
            place = f"line {reader.line_num}"
            # A spreadsheet may write rows of empty cells at the end.
            if not any(row):
                continue
            if len(row) != len(HEADER):
                raise UsageError(f"{place}: {len(row)} fields instead of {len(HEADER)}", EXPORT_AGAIN)
            yield place, _read_row(row, place)
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num}: not CSV: {error}", CSV_HINT) from error


def _read_row(row: list[str], place: str) -> list[Any]:
    """Return the values of a row of CSV. Raises UsageError that begins with `place`."""
    try:
        return read_entry({name: value or None for name, value in zip(HEADER, row, strict=True)}, place)
    except InvalidValueError as error:
        text = str(error.value)
        # Without leading zeros or the last digits, a fingerprint of digits looks like any number.
        if RESAVED.fullmatch(text) or (error.name == "fingerprint" and text.isdecimal()):
            message = f"{error.message}; a spreadsheet changed it when it saved the file"
            raise UsageError(message, "import the file as `ptquiz export` wrote it") from error
        raise


def _add(store: Store, items: Iterable[tuple[str, list[Any]]]) -> int:
    """Add the entries, given with their places, that are not in the store; two histories are never mixed."""
    known = set(store.database.rows(SQL["known entries"]))
    seen: dict[tuple[Any, ...], tuple[str, list[Any]]] = {}
    for place, values in items:
        kind, card, at = values[:3]
        if (card, at, kind) in known:
            continue
        if known:
            raise UsageError(
                f"this store has a different history: {place} is not among its {len(known):,} entries",
                "import into an empty store: set PTQUIZ_HOME to a new folder",
            )
        first, same = seen.setdefault((card, at, kind), (place, values))
        if same is not values:
            if same != values:
                raise UsageError(f"{place} differs from {first} of the same card and time", EXPORT_AGAIN)
            continue
        entry = store.database.run(SQL["add entry"], (kind, store.cards.ensure_id(card), *values[2:-1]))
        if values[-1] is not None:
            store.database.run(SQL["add undone"], (entry, values[-1]))
    return len(seen)


def _add_attempts(store: Store, items: Iterable[Any]) -> None:
    seen = set()
    for number, item in enumerate(items, 1):
        values = tuple(read_item(ATTEMPT_FIELDS, item, f"attempt {number}"))
        if values not in seen:
            seen.add(values)
            card, at, *rest = values
            store.drafts.add_attempt(card, Attempt(from_micros(at), *rest))


def _add_drafts(store: Store, items: Iterable[Any]) -> None:
    for number, item in enumerate(items, 1):
        card, text, at = read_item(DRAFT_FIELDS, item, f"draft {number}")
        store.drafts.save_draft(card, text, from_micros(at))

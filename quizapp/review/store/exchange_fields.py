"""The fields of an export: how each is written, and how it is read and validated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from math import isfinite
from typing import Any

from quizapp.decks.fields import SLUG
from quizapp.errors import UsageError
from quizapp.review.memory import MemoryState, Rating
from quizapp.review.store.row_mapping import MAX_ANSWER_LENGTH, EntryKind, from_micros, to_micros
from quizapp.text.printable import one_line

EXPORT_AGAIN = "export the history again with `ptquiz export`"
CARD_NAME = re.compile(f"{SLUG}/{SLUG}")
FINGERPRINT = re.compile(r"[0-9a-f]{16}|")
YEARS = range(1970, 2300)
"""FSRS schedules at most 100 years ahead."""

MAX_COUNT = 1_000_000
MAX_WORDS = 10_000
"""Characters of every text that is not an answer or a draft."""

MAX_SHOWN = 60
"""Characters of an invalid value that are repeated in the message."""


def _write_same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class ExchangeField:
    """One field of an entry: its name in the file, how it is read, and how it is written."""

    name: str
    read: Callable[[Any], Any]
    """Return what is stored, from a JSON value or the text of a CSV cell. Raises ValueError."""

    write: Callable[[Any], Any] = _write_same


class InvalidValueError(UsageError):
    """A field with a value that it cannot have."""

    def __init__(self, place: str, name: str, value: Any) -> None:
        is_long = isinstance(value, str) and len(value) > MAX_WORDS
        found = f"a text of {len(value):,} characters" if is_long else f"`{_shown(value)}`"
        super().__init__(f"{place}: `{name}` is not valid: {found}", EXPORT_AGAIN)
        self.name = name
        self.value = value


def _text(value: Any, longest: int = MAX_WORDS) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError
    # Lone surrogates, which JSON can contain, are in no UTF-8 text. Raises UnicodeEncodeError.
    value.encode()
    return value


def _long_text(value: Any) -> str:
    return _text(value, MAX_ANSWER_LENGTH)


def _name(value: Any) -> str:
    if not CARD_NAME.fullmatch(_text(value)):
        raise ValueError
    return _text(value)


def _fingerprint(value: Any) -> str:
    if not FINGERPRINT.fullmatch(_text(value)):
        raise ValueError
    return _text(value)


def _whole(value: Any, low: int = 0, high: int = MAX_COUNT) -> int:
    if isinstance(value, bool | float) or not low <= int(value) <= high:
        raise ValueError
    return int(value)


def _number(value: Any, low: float = 0.0, high: float = 1.0) -> float:
    number = float(value)
    if isinstance(value, bool) or not (isfinite(number) and low <= number <= high):
        raise ValueError
    return number


def _flag(value: Any) -> int:
    # Spreadsheets write TRUE and FALSE.
    text = str(value).lower()
    if text not in ("true", "1", "false", "0"):
        raise ValueError
    return int(text in ("true", "1"))


def _micros(value: Any) -> int:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None or moment.year not in YEARS:
        raise ValueError
    return to_micros(moment)


def write_time(micros: int) -> str:
    return from_micros(micros).isoformat()


def _day(value: Any) -> int:
    return date.fromisoformat(_text(value)).toordinal()


def _write_day(day: int) -> str:
    return date.fromordinal(day).isoformat()


Names = type[EntryKind] | type[Rating] | type[MemoryState]


def _member(value: Any, members: Names) -> int:
    if (name := _text(value).upper()) not in members.__members__:
        raise ValueError
    return int(members[name])


def _write_member(value: int, members: Names) -> str:
    return members(value).name.lower()


def _member_field(name: str, members: Names) -> ExchangeField:
    return ExchangeField(name, partial(_member, members=members), partial(_write_member, members=members))


COLUMNS = (
    _member_field("kind", EntryKind),
    ExchangeField("card", _name),
    ExchangeField("at", _micros, write_time),
    ExchangeField("day", _day, _write_day),
    ExchangeField("value", partial(_whole, high=date.max.toordinal())),
    _member_field("rating", Rating),
    _member_field("proposed", Rating),
    ExchangeField("why", _text),
    ExchangeField("outcome", _text),
    ExchangeField("first_outcome", _text),
    ExchangeField("score", _number),
    ExchangeField("tries", _whole),
    ExchangeField("hints", _whole),
    ExchangeField("gave_up", _flag, bool),
    ExchangeField("seconds", partial(_number, high=1e9)),
    ExchangeField("mistake", _text),
    _member_field("before", MemoryState),
    ExchangeField("elapsed_days", _whole),
    # Negative after a journey across the date line.
    ExchangeField("scheduled_days", partial(_whole, low=-2)),
    ExchangeField("predicted", _number),
    _member_field("state", MemoryState),
    ExchangeField("step", _whole),
    ExchangeField("stability", partial(_number, low=1e-9, high=1e9)),
    ExchangeField("difficulty", partial(_number, low=1.0, high=10.0)),
    ExchangeField("due", _micros, write_time),
    ExchangeField("fingerprint", _fingerprint),
    ExchangeField("undone", _micros, write_time),
)
"""The fields of an entry, in the order of the statements `entries` and `add entry`."""

ATTEMPT_FIELDS = (
    ExchangeField("card", _name),
    ExchangeField("at", _micros, write_time),
    ExchangeField("answer", _long_text),
    ExchangeField("outcome", _text),
    ExchangeField("score", _number),
    ExchangeField("mistake", _text),
    ExchangeField("said", _text),
    ExchangeField("seconds", partial(_number, high=1e9)),
    ExchangeField("cram", _flag),
)
DRAFT_FIELDS = (
    ExchangeField("card", _name),
    ExchangeField("text", _long_text),
    ExchangeField("at", _micros, write_time),
)

REQUIRED = frozenset({"kind", "card", "at", "day"})
OF_RATING = frozenset(
    {"rating", "proposed", "score", "tries", "hints", "gave_up", "seconds", "before", "scheduled_days"}
)
OF_MEMORY = frozenset({"state", "stability", "difficulty", "due"})
OPTIONAL_OF_ATTEMPT = frozenset({"mistake", "said"})
TEXT_FIELDS = ("why", "outcome", "first_outcome", "fingerprint")


def write_item(fields: Sequence[ExchangeField], row: Sequence[Any]) -> dict[str, Any]:
    """Return a row as an object of the export."""
    return {field.name: None if value is None else field.write(value) for field, value in _pairs(fields, row)}


def read_entry(item: Any, place: str) -> list[Any]:
    """Return the values of `COLUMNS`. Raises UsageError that begins with `place` for an entry that cannot be true."""
    values = _read(COLUMNS, item, place)
    kind = None if values[0] is None else EntryKind(values[0])
    if kind is EntryKind.REVIEW:
        # CSV does not distinguish an empty text from no value.
        pairs = _pairs(COLUMNS, values)
        values = ["" if value is None and field.name in TEXT_FIELDS else value for field, value in pairs]
    found = {field.name: value for field, value in _pairs(COLUMNS, values)}
    _require(found, REQUIRED | _required_of(kind, found), place)
    for name in _contradictions(kind, found):
        raise InvalidValueError(place, name, item[name])
    return values


def read_item(fields: Sequence[ExchangeField], item: Any, place: str) -> list[Any]:
    """Return the values of an attempt or a draft. Raises UsageError like `read_entry`."""
    values = _read(fields, item, place)
    found = {field.name: value for field, value in _pairs(fields, values)}
    _require(found, found.keys() - OPTIONAL_OF_ATTEMPT, place)
    return values


def _read(fields: Sequence[ExchangeField], item: Any, place: str) -> list[Any]:
    if not isinstance(item, Mapping):
        raise UsageError(f"{place} is not an object: `{_shown(item)}`", EXPORT_AGAIN)
    values = []
    for field in fields:
        value = item.get(field.name)
        try:
            values.append(None if value is None else field.read(value))
        except (ValueError, TypeError, OverflowError) as error:
            raise InvalidValueError(place, field.name, value) from error
    return values


def _required_of(kind: EntryKind | None, found: Mapping[str, Any]) -> frozenset[str]:
    if kind not in (EntryKind.REVIEW, EntryKind.CRAM):
        return frozenset({"value"})
    if kind is EntryKind.CRAM:
        return OF_RATING
    is_in_steps = found["state"] in (MemoryState.LEARNING, MemoryState.RELEARNING)
    return OF_RATING | OF_MEMORY | ({"step"} if is_in_steps else set())


def _require(found: Mapping[str, Any], required: frozenset[str] | set[str], place: str) -> None:
    for name, value in found.items():
        if value is None and name in required:
            raise UsageError(f"{place}: `{name}` is missing", EXPORT_AGAIN)


def _contradictions(kind: EntryKind | None, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of fields whose values do not fit those of others."""
    # Two days: from UTC to the learner's zone, and to a day that starts late.
    if abs(found["day"] - from_micros(found["at"]).toordinal()) > 2:
        yield "day"
    if kind is EntryKind.REVIEW and found["state"] == MemoryState.NEW:
        yield "state"
    if kind in (EntryKind.SUSPEND, EntryKind.FLAG, EntryKind.RESET) and found["value"] > 1:
        yield "value"


def _shown(value: Any) -> str:
    """Return the beginning of a value, on one line."""
    # Deeply nested values cannot be formatted, and an integer may have too many digits.
    try:
        text = one_line(str(value))
    except (RecursionError, ValueError):
        text = type(value).__name__
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def _pairs(fields: Sequence[ExchangeField], values: Sequence[Any]) -> Iterator[tuple[ExchangeField, Any]]:
    return zip(fields, values, strict=True)

"""Frozen dataclasses <-> MessagePack, typed and strict, by msgspec.

Decoding treats its input as hostile: every value is checked against its annotation, and a length that exceeds the
remaining bytes is rejected before anything is allocated for it. Unknown fields are skipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from msgspec.msgpack import Decoder

# The functions import msgspec, because that takes about 30 ms and no screen needs it before the first verdict.

MAX_BYTES = 64 << 20
"""Bytes of one message, unless the caller allows more."""

T = TypeVar("T")


class Malformed(ValueError):
    """Raised for bytes that `pack` cannot have written, or for too many of them."""


def pack(records: Sequence[object]) -> bytes:
    """Return `records`, all of them dataclasses, as bytes; lone surrogates in their strings are escaped."""
    from msgspec import msgpack, to_builtins

    try:
        return msgpack.encode(records)
    except UnicodeEncodeError:
        # An answer may print or raise a lone surrogate, which UTF-8 cannot encode.
        return msgpack.encode(_escape(to_builtins(records, builtin_types=(bytes,))))


def unpack(data: bytes, record: type[T], max_bytes: int = MAX_BYTES) -> list[T]:
    """Return the records that `pack` wrote; raises `Malformed` for all other bytes."""
    from msgspec import MsgspecError

    if len(data) > max_bytes:
        raise Malformed(f"a message of {len(data)} bytes is larger than {max_bytes}")
    try:
        return _decoder(cast(Any, record)).decode(data)
    except (MsgspecError, RecursionError, TypeError, ValueError) as error:
        raise Malformed(f"not a list of {record.__name__}: {error}") from error


@cache
def _decoder(record: Any) -> Decoder[list[Any]]:
    from msgspec.msgpack import Decoder

    return Decoder(list[record])


def _escape(value: object) -> object:
    """Return plain data with every lone surrogate written as a backslash escape."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_escape(key): _escape(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_escape(item) for item in value]
    return value

"""Frozen dataclasses <-> one frame of bytes: a JSON head, then the byte fields, each with its length.

Reading trusts nothing: every field is checked against its annotation, and lengths against the frame.
"""

from __future__ import annotations

import json
import struct
import types
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

MAGIC = b"ptq1"
HEAD_LIMIT = 64 << 20
"""Bytes of the JSON head."""

BLOB_LIMIT = 4096
"""Byte fields in one frame; equal ones are stored once."""

SCALARS = frozenset({type(None), bool, int, float, str})

Loader = Callable[[Any, Sequence[bytes]], Any]
T = TypeVar("T")


class Malformed(ValueError):
    """Bytes that `pack` cannot have written."""


def pack(records: Sequence[object]) -> bytes:
    """One frame that holds `records`, all of them dataclasses."""
    blobs: dict[bytes, int] = {}
    head = json.dumps([_dump(record, blobs) for record in records], separators=(",", ":")).encode("ascii")
    lengths = struct.pack(f"<4sII{len(blobs)}Q", MAGIC, len(head), len(blobs), *map(len, blobs))
    return b"".join((lengths, head, *blobs))


def unpack(data: bytes, record: type[T]) -> list[T]:
    """The records in a frame; raises `Malformed` for anything that is not exactly one."""
    try:
        head, blobs = _split(data)
        load = _loader(cast(Any, record))
        items = json.loads(head)
        if not isinstance(items, list):
            raise Malformed("the head is no list")
        return [load(item, blobs) for item in items]
    except (struct.error, ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise Malformed(f"not a frame of {record.__name__}: {type(error).__name__}") from error


def _split(data: bytes) -> tuple[bytes, list[bytes]]:
    magic, head_size, count = struct.unpack_from("<4sII", data)
    if magic != MAGIC or head_size > HEAD_LIMIT or count > BLOB_LIMIT:
        raise Malformed("not a frame")
    sizes = struct.unpack_from(f"<{count}Q", data, 12)
    place = 12 + 8 * count
    if place + head_size + sum(sizes) != len(data):
        raise Malformed("lengths do not add up")
    head = data[place : place + head_size]
    place += head_size
    blobs = []
    for size in sizes:
        blobs.append(data[place : place + size])
        place += size
    return head, blobs


def _dump(value: object, blobs: dict[bytes, int]) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: getattr(value, field.name) for field in fields(value)}
        return {"@": type(value).__name__} | {name: _dump(item, blobs) for name, item in named.items()}
    if isinstance(value, bytes):
        return {"#": blobs.setdefault(value, len(blobs))}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return {"map": [[_dump(key, blobs), _dump(item, blobs)] for key, item in value.items()]}
    if isinstance(value, tuple | list):
        if set(map(type, value)) <= SCALARS:
            return value
        return [_dump(item, blobs) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} does not cross the pipe")


@cache
def _loader(hint: Any) -> Loader:
    """How to read one annotation; made once for each."""
    if hint is object:
        return _load_plain
    if hint is bytes:
        return _load_blob
    if is_dataclass(hint):
        return _dataclass_loader(hint)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _union_loader(get_args(hint))
    if origin is tuple:
        return _tuple_loader(get_args(hint))
    if origin is frozenset:
        inner = _tuple_loader((*get_args(hint), ...))
        return lambda data, blobs: frozenset(inner(data, blobs))
    return _scalar_loader(hint)


def _allowed(hint: Any) -> frozenset[type]:
    """The exact classes of JSON scalars that `hint` admits; empty for what is no scalar."""
    scalars: dict[Any, set[type]] = {
        float: {float, int},
        int: {int},
        str: {str},
        bool: {bool},
        type(None): {type(None)},
        None: {type(None)},
    }
    if get_origin(hint) in (Union, types.UnionType):
        parts = [_allowed(part) for part in get_args(hint)]
        return frozenset[type]().union(*parts) if all(parts) else frozenset()
    return frozenset(scalars.get(hint, ()))


def _scalar_loader(hint: Any) -> Loader:
    allowed = _allowed(hint)
    literals = get_args(hint) if get_origin(hint) is Literal else None
    if literals is None and not allowed:
        raise NotImplementedError(f"no reader for {hint}")

    def load(data: Any, blobs: Sequence[bytes]) -> Any:
        if data in literals if literals is not None else type(data) in allowed:
            return data
        raise Malformed(f"{data!r:.40} is not {hint}")

    return load


def _union_loader(parts: tuple[Any, ...]) -> Loader:
    scalars = frozenset().union(*(_allowed(part) for part in parts))
    records = {part.__name__: _loader(part) for part in parts if is_dataclass(part) and isinstance(part, type)}
    others = [_loader(part) for part in parts if not _allowed(part) and not is_dataclass(part)]

    def load(data: Any, blobs: Sequence[bytes]) -> Any:
        if type(data) in scalars:
            return data
        if isinstance(data, dict) and data.get("@") in records:
            return records[data["@"]](data, blobs)
        if len(others) != 1:
            raise Malformed("none of the types that may stand here")
        return others[0](data, blobs)

    return load


def _tuple_loader(parts: tuple[Any, ...]) -> Loader:
    repeated = len(parts) == 2 and parts[1] is ...
    scalars = _allowed(parts[0]) if repeated else frozenset()
    loaders = [_loader(part) for part in parts if part is not ...]

    def load(data: Any, blobs: Sequence[bytes]) -> tuple[Any, ...]:
        if not isinstance(data, list) or not (repeated or len(data) == len(parts)):
            raise Malformed("not a list of that length")
        if scalars:
            if set(map(type, data)) <= scalars:
                return tuple(data)
            raise Malformed("an item of another type")
        if repeated:
            return tuple(loaders[0](item, blobs) for item in data)
        return tuple(read(item, blobs) for read, item in zip(loaders, data, strict=True))

    return load


def _dataclass_loader(record: Any) -> Loader:
    hints = get_type_hints(record)
    loaders = {field.name: _loader(hints[field.name]) for field in fields(record)}

    def load(data: Any, blobs: Sequence[bytes]) -> Any:
        if not isinstance(data, dict) or data.keys() - {"@"} != loaders.keys():
            raise Malformed(f"not a {record.__name__}")
        return record(**{name: read(data[name], blobs) for name, read in loaders.items()})

    return load


def _load_blob(data: Any, blobs: Sequence[bytes]) -> bytes:
    place = data["#"]
    if type(place) is not int or not 0 <= place < len(blobs):
        raise Malformed("no such byte field")
    return blobs[place]


def _load_plain(data: Any, blobs: Sequence[bytes]) -> object:
    """What an author wrote in `equals`: scalars, lists and maps of them."""
    if isinstance(data, list):
        return [_load_plain(item, blobs) for item in data]
    if isinstance(data, dict):
        if "#" in data:
            return _load_blob(data, blobs)
        return {_load_plain(key, blobs): _load_plain(item, blobs) for key, item in data["map"]}
    return data

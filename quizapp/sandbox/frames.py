"""Frames on a worker's own socket: a kind, facts as JSON, and blobs. Read here as if a stranger had written them."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

HEAD = struct.Struct("<BIQ")
"""Kind, bytes of JSON, bytes of blobs."""

MAX_FACTS = 4 << 20
MAX_BLOBS = 200 << 20
"""Of one frame, and of all frames of one run."""


class FrameKind(IntEnum):
    """What a frame says; the first five come from a worker."""

    READY = 1
    CODE = 2
    """Preamble, given and code are over."""

    OBSERVED = 3
    ENDED = 4
    ANSWER = 5
    """The judge's."""

    RUN = 10
    QUESTION = 11
    """To the judge."""

    PROBE = 12


class BadFrame(Exception):
    """Bytes that are no frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    kind: FrameKind
    facts: dict[str, Any]
    blobs: tuple[bytes, ...] = ()


def pack(kind: FrameKind, facts: dict[str, Any], blobs: Sequence[bytes] = ()) -> bytes:
    """The frame's bytes; the blobs' lengths travel with the facts."""
    body = json.dumps({**facts, "blobs": [len(blob) for blob in blobs]}, separators=(",", ":")).encode()
    return HEAD.pack(kind, len(body), sum(map(len, blobs))) + body + b"".join(blobs)


class FrameBuffer:
    """Frames out of a stream of bytes; raises `BadFrame` at the first one that is none, or too large."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._taken = 0

    def feed(self, data: bytes) -> Iterator[Frame]:
        self._bytes += data
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> Frame | None:
        if len(self._bytes) < HEAD.size:
            return None
        kind, facts, blobs = HEAD.unpack_from(self._bytes)
        if facts > MAX_FACTS or self._taken + blobs > MAX_BLOBS:
            raise BadFrame("a message too large")
        size = HEAD.size + facts + blobs
        if len(self._bytes) < size:
            return None
        self._taken += blobs
        with memoryview(self._bytes) as view:
            frame = _parse(kind, bytes(view[HEAD.size : HEAD.size + facts]), view[HEAD.size + facts : size])
        del self._bytes[:size]
        return frame


def _parse(kind: int, facts: bytes, body: memoryview) -> Frame:
    try:
        named = FrameKind(kind)
        said = json.loads(facts)
        sizes = said.pop("blobs")
        if any(type(size) is not int or size < 0 for size in sizes) or sum(sizes) != len(body):
            raise BadFrame("a message whose parts do not add up")
        blobs, start = [], 0
        for size in sizes:
            blobs.append(bytes(body[start : start + size]))
            start += size
        return Frame(named, said, tuple(blobs))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadFrame("no message of ours") from error


def receive(link: socket.socket) -> Frame:
    """The next frame of a socket that carries one at a time; raises EOFError at its end."""
    kind, facts, blobs = HEAD.unpack(_exactly(link, HEAD.size))
    body = _exactly(link, facts + blobs)
    return _parse(kind, body[:facts], memoryview(body)[facts:])


def _exactly(link: socket.socket, size: int) -> bytes:
    chunks = bytearray()
    while len(chunks) < size:
        chunk = link.recv(min(size - len(chunks), 1 << 20))
        if not chunk:
            raise EOFError
        chunks += chunk
    return bytes(chunks)

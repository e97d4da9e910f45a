"""Frames on a worker's socket: a kind, a JSON head, and blobs. Everything read here is treated as hostile."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

HEAD = struct.Struct("<BIQ")
"""Kind, size of the JSON head, total size of the blobs (little-endian)."""

MAX_FACTS = 4 << 20
"""Bytes of JSON heads: of one frame, and of all frames of one run."""

MAX_BLOBS = 200 << 20
"""Bytes of blobs: of one frame, and of all frames of one run."""


class FrameKind(IntEnum):
    """The type of a frame; the first five are sent by a worker."""

    READY = 1
    CODE = 2
    """Preamble, given and code have ended."""

    OBSERVED = 3
    ENDED = 4
    ANSWER = 5
    """An answer from the judge."""

    RUN = 10
    QUESTION = 11
    """A request to the judge."""

    PROBE = 12


class BadFrame(Exception):
    """Bytes that are not a valid frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its kind, its JSON head without `blobs`, and its blobs."""

    kind: FrameKind
    facts: dict[str, Any]
    blobs: tuple[bytes, ...] = ()


def pack(kind: FrameKind, facts: dict[str, Any], blobs: Sequence[bytes] = ()) -> bytes:
    """Return the bytes of one frame; the blobs' lengths are stored in the head."""
    return pack_head(kind, facts, blobs) + b"".join(blobs)


def pack_head(kind: FrameKind, facts: dict[str, Any], blobs: Sequence[bytes] = ()) -> bytes:
    """Return the bytes of one frame up to its blobs, which the caller sends next without a copy."""
    body = json.dumps({**facts, "blobs": [len(blob) for blob in blobs]}, separators=(",", ":")).encode()
    return HEAD.pack(kind, len(body), sum(map(len, blobs))) + body


class FrameBuffer:
    """Splits a stream of bytes into frames. Raises `BadFrame` at the first one that is invalid or too large."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._blob_bytes = 0
        self.fact_bytes = 0
        """Bytes of all JSON heads so far."""

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Append `data` and yield every frame that is complete; raises `BadFrame`."""
        self._bytes += data
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> Frame | None:
        if len(self._bytes) < HEAD.size:
            return None
        kind, facts, blobs = HEAD.unpack_from(self._bytes)
        if self.fact_bytes + facts > MAX_FACTS or self._blob_bytes + blobs > MAX_BLOBS:
            raise BadFrame("the message is too large")
        size = HEAD.size + facts + blobs
        if len(self._bytes) < size:
            return None
        self._blob_bytes += blobs
        self.fact_bytes += facts
        with memoryview(self._bytes) as view:
            frame = _parse(kind, bytes(view[HEAD.size : HEAD.size + facts]), view[HEAD.size + facts : size])
        del self._bytes[:size]
        return frame


def _parse(kind: int, facts: bytes, body: memoryview) -> Frame:
    try:
        frame_kind = FrameKind(kind)
        head = json.loads(facts)
        sizes = head.pop("blobs")
        if any(type(size) is not int or size < 0 for size in sizes) or sum(sizes) != len(body):
            raise BadFrame("the blob sizes do not add up")
        blobs, start = [], 0
        for size in sizes:
            blobs.append(bytes(body[start : start + size]))
            start += size
        return Frame(frame_kind, head, tuple(blobs))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadFrame("the message is malformed") from error


def receive(link: socket.socket) -> Frame:
    """Return the next frame of a socket whose peer is trusted, so no size is limited; raises EOFError at its end."""
    kind, facts, blobs = HEAD.unpack(_receive_exactly(link, HEAD.size))
    body = _receive_exactly(link, facts + blobs)
    return _parse(kind, bytes(body[:facts]), body[facts:])


def _receive_exactly(link: socket.socket, size: int) -> memoryview:
    body = memoryview(bytearray(size))
    received = 0
    while received < size:
        if not (count := link.recv_into(body[received:])):
            raise EOFError
        received += count
    return body

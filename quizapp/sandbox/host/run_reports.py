"""The messages of a worker, validated: hostile bytes become records of `protocol`, or `BadFrame` is raised.

Imports msgspec, which takes more than 20 ms: the supervisor imports this module with the first message.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from quizapp.sandbox.frames import BadFrame, Frame
from quizapp.sandbox.protocol import MAX_LINE_TEXT, MAX_LINE_VALUES, LineValue, Observation, Raised

MAX_TEXT = 1 << 16
MAX_ITEMS = 10_000
MAX_POSITION = 1 << 20
"""Larger than every line and column of an answer."""

MAX_COUNT = 1 << 53

Text = Annotated[str, Meta(max_length=MAX_TEXT)]
Texts = Annotated[tuple[Text, ...], Meta(max_length=MAX_ITEMS)]
Shapes = Annotated[tuple[tuple[Text, Text], ...], Meta(max_length=MAX_ITEMS)]
Lines = Annotated[tuple[tuple[int, Text], ...], Meta(max_length=MAX_ITEMS)]
Count = Annotated[int, Meta(ge=0, le=MAX_COUNT)]
Counts = Annotated[dict[str, Count], Meta(max_length=MAX_ITEMS)]
Claim = TypeVar("Claim", bound=Struct)


class RaisedClaim(Struct, frozen=True):
    """The head of a `protocol.Raised`. Like all classes here, it ignores unknown fields."""

    type: Text
    message: Text
    bases: Texts
    shapes: Shapes
    trace: Text
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    source: Text | None = None


class CodeClaim(Struct, frozen=True):
    """The head of a CODE frame."""

    bound: Texts
    raised: RaisedClaim | None = None


class LinesClaim(Struct, frozen=True):
    """The part of a CODE or ENDED frame that is about the lines of the code."""

    lines: Lines = ()
    echo: Text | None = None


class ObservationClaim(Struct, frozen=True):
    """The head of an OBSERVED frame."""

    number: int
    raised: RaisedClaim | None = None
    refused: Text | None = None


class EndClaim(Struct, frozen=True):
    """The head of an ENDED frame."""

    calls: Counts
    operators: Count = 0
    peak_memory: Count = 0
    libraries: Texts = ()
    changed: Texts = ()


def read_code(facts: dict[str, Any]) -> tuple[Raised | None, tuple[str, ...]]:
    """Return the exception that ended the code, and the names it bound; raises `BadFrame`."""
    claim = _convert(facts, CodeClaim)
    return _raised(claim.raised), tuple(map(_encodable, claim.bound))


def read_lines(facts: dict[str, Any]) -> tuple[tuple[LineValue, ...], str | None]:
    """Return what each line of the code bound, and the value of its last expression; raises `BadFrame`."""
    claim = _convert(facts, LinesClaim)
    lines = tuple(
        LineValue(line, _encodable(text[:MAX_LINE_TEXT]))
        for line, text in claim.lines[:MAX_LINE_VALUES]
        if 0 < line <= MAX_POSITION
    )
    return lines, None if claim.echo is None else _encodable(claim.echo)


def read_observation(frame: Frame) -> Observation:
    """Return the claimed result of one check; raises `BadFrame`."""
    claim = _convert(frame.facts, ObservationClaim)
    value = frame.blobs[0] if len(frame.blobs) == 1 else None
    if len(frame.blobs) > 1 or [value, claim.raised, claim.refused].count(None) != 2:
        raise BadFrame("an observation must have exactly one of value, exception and refusal")
    refused = None if claim.refused is None else _encodable(claim.refused)
    return Observation(claim.number, value, _raised(claim.raised), refused)


def read_end(facts: dict[str, Any]) -> EndClaim:
    """Return the counts and the loaded libraries; raises `BadFrame`."""
    return _convert(facts, EndClaim)


def read_raised(facts: object) -> Raised | None:
    """Return the claimed exception; raises `BadFrame`."""
    return _raised(_convert(facts, RaisedClaim))


def _convert(facts: object, kind: type[Claim]) -> Claim:
    try:
        return msgspec.convert(facts, kind)
    except msgspec.ValidationError as error:
        raise BadFrame(str(error)) from error
    except UnicodeEncodeError as error:
        # msgspec compares field names in UTF-8, and JSON may contain keys that are lone surrogates.
        raise BadFrame("a field name is not valid Unicode") from error


def _raised(claim: RaisedClaim | None) -> Raised | None:
    if claim is None:
        return None
    return Raised(
        type=_encodable(claim.type),
        message=_encodable(claim.message),
        bases=tuple(map(_encodable, claim.bases)),
        line=_position(claim.line),
        column=_position(claim.column),
        end_column=_position(claim.end_column),
        source=None if claim.source is None else _encodable(claim.source),
        shapes=tuple((_encodable(name), _encodable(shape)) for name, shape in claim.shapes),
        trace=_encodable(claim.trace),
    )


def _position(value: int | None) -> int | None:
    """Treat a line or column that no answer has as unknown, since the rest of the message may be honest."""
    return value if value is not None and 0 <= value <= MAX_POSITION else None


def _encodable(text: str) -> str:
    """Escape lone surrogates, which can be neither stored nor printed."""
    return text.encode("utf-8", "backslashreplace").decode()

"""Runs and what became of them, as the facts of frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from quizapp.sandbox.frames import BadFrame, Frame
from quizapp.sandbox.protocol import Expression, Limits, Observation, Raised, Run

MAX_TEXT = 1 << 16
MAX_NAMES = 10_000
MAX_PLACE = 1 << 20
"""Beyond every line and column of an answer."""

MAX_COUNT = 1 << 53


RUN, LIMITS, EXPRESSION = (tuple(field.name for field in fields(kind)) for kind in (Run, Limits, Expression))


def run_facts(run: Run) -> dict[str, Any]:
    # On the path of every answer, where `asdict` would copy each text.
    return {
        **_facts(run, RUN),
        "checks": [_facts(check, EXPRESSION) for check in run.checks],
        "limits": _facts(run.limits, LIMITS),
    }


def _facts(record: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def read_run(facts: Mapping[str, Any]) -> Run:
    """The run that the app sent; trusted, because only the app writes to a worker."""
    given = dict(facts)
    given["checks"] = tuple(Expression(**check) for check in given["checks"])
    given["limits"] = Limits(**given["limits"])
    given["watch"] = tuple(given["watch"])
    return Run(**given)


def read_observation(frame: Frame) -> Observation:
    """What a worker claims that one check gave; raises `BadFrame`."""
    facts = frame.facts
    number, refused = facts.get("number"), facts.get("refused")
    if type(number) is not int or len(frame.blobs) > 1:
        raise BadFrame("an observation without a number")
    value = frame.blobs[0] if frame.blobs else None
    raised = read_raised(facts.get("raised"))
    refused = None if refused is None else _text(refused)
    if [value, raised, refused].count(None) != 2:
        raise BadFrame("an observation that is not one thing")
    return Observation(number, value, raised, refused)


def read_raised(facts: Any) -> Raised | None:
    """The exception that a worker claims; raises `BadFrame`."""
    if facts is None:
        return None
    if not isinstance(facts, dict):
        raise BadFrame("an exception that is none")
    return Raised(
        type=_text(facts.get("type")),
        message=_text(facts.get("message")),
        bases=read_names(facts.get("bases")),
        line=_place(facts.get("line")),
        column=_place(facts.get("column")),
        end_column=_place(facts.get("end_column")),
        source=None if facts.get("source") is None else _text(facts["source"]),
        shapes=tuple(_pair(pair) for pair in _list(facts.get("shapes"))),
        trace=_text(facts.get("trace")),
    )


def read_names(names: Any) -> tuple[str, ...]:
    return tuple(_text(name) for name in _list(names))


def read_counts(counts: Any) -> dict[str, int]:
    if not isinstance(counts, dict) or len(counts) > MAX_NAMES:
        raise BadFrame("counts that are none")
    if not all(type(count) is int and 0 <= count <= MAX_COUNT for count in counts.values()):
        raise BadFrame("counts that are none")
    return counts


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise BadFrame("a text that is none, or too long")
    # Half a character can be neither stored nor shown.
    return value.encode("utf-8", "backslashreplace").decode()


def _pair(value: Any) -> tuple[str, str]:
    first, second = _list(value) if len(_list(value)) == 2 else (None, None)
    return _text(first), _text(second)


def _place(value: Any) -> int | None:
    """A line or column; one that no answer has is as good as none."""
    if value is not None and type(value) is not int:
        raise BadFrame("a number that is none")
    return value if value is not None and 0 <= value <= MAX_PLACE else None


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_NAMES:
        raise BadFrame("a list that is none, or too long")
    return value

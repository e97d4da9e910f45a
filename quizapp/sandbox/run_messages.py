"""A run as the JSON head of a frame, from the app to a worker. What a worker sends is read by `host.run_reports`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from quizapp.sandbox.protocol import CallRule, Expression, Limits, Run, UsageCaps

RUN, LIMITS, EXPRESSION, CALL_RULE, USAGE_CAPS = (
    tuple(field.name for field in fields(kind)) for kind in (Run, Limits, Expression, CallRule, UsageCaps)
)


def run_facts(run: Run) -> dict[str, Any]:
    """Return `run` as a JSON object."""
    # Called for every answer; `dataclasses.asdict` would copy each text.
    return {
        **_attributes(run, RUN),
        "checks": [_attributes(check, EXPRESSION) for check in run.checks],
        "limits": _attributes(run.limits, LIMITS),
        "calls": [_attributes(rule, CALL_RULE) for rule in run.calls],
        "usage": _attributes(run.usage, USAGE_CAPS) if run.usage else None,
    }


def _attributes(record: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def read_run(facts: Mapping[str, Any]) -> Run:
    """Return the run from a JSON object, which is trusted: only the app writes to a worker."""
    values = dict(facts)
    values["checks"] = tuple(Expression(**check) for check in values["checks"])
    values["limits"] = Limits(**values["limits"])
    values["calls"] = tuple(CallRule(rule["name"], tuple(rule["targets"]), rule["once"]) for rule in values["calls"])
    values["usage"] = UsageCaps(**values["usage"]) if values["usage"] else None
    values["watch"] = tuple(values["watch"])
    values["history"] = tuple(values["history"])
    return Run(**values)

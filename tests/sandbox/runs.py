"""Helpers that submit code and checks and decode the observed values."""

from __future__ import annotations

from typing import Any

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending, Expression, Limits, Report, Run
from quizapp.sandbox.values.model import Value
from quizapp.sandbox.values.serialise import decode

GENEROUS_LIMITS = Limits(seconds=30.0)


def run(sandbox: Sandbox, code: str, *checks: str | tuple[str, str], **options: Any) -> Report:
    """Submit `code` and `checks`, each an expression or (expression, statements before it); return the report."""
    parts = [(check, "") if isinstance(check, str) else check for check in checks]
    expressions = tuple(Expression(number, see, statements) for number, (see, statements) in enumerate(parts))
    return sandbox.submit(Run(code, expressions, **{"preamble": "import torch", "limits": GENEROUS_LIMITS, **options}))


def observe(sandbox: Sandbox, code: str, *checks: str | tuple[str, str], **options: Any) -> list[Any]:
    """Return the plain value or tensor of each check, or its Observation if it has no value."""
    report = run(sandbox, code, *checks, **options)
    assert report.ending is Ending.FINISHED, (report.ending, report.detail, report.raised, report.stderr)
    return [plain(decode(seen.value)) if seen.value is not None else seen for seen in report.observations]


def plain(value: Value) -> Any:
    """Return a decoded value as a Python object; kinds other than containers keep their data."""
    if value.kind in ("list", "tuple", "set", "frozenset"):
        return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[value.kind](map(plain, value.data))
    if value.kind == "dict":
        return {plain(key): plain(item) for key, item in value.data}
    return value.data

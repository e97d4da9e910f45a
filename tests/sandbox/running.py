"""Shorthand for runs: code and checks in, decoded values out."""

from __future__ import annotations

from typing import Any

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending, Expression, Limits, Report, Run
from quizapp.sandbox.values.model import Value, decode

ROOMY = Limits(seconds=30.0)


def run(sandbox: Sandbox, code: str, *checks: str | tuple[str, str], **rest: Any) -> Report:
    """`code` and then `checks`, each an expression or (expression, statements before it)."""
    parts = [(check, "") if isinstance(check, str) else check for check in checks]
    expressions = tuple(Expression(number, see, before) for number, (see, before) in enumerate(parts))
    return sandbox.submit(Run(code, expressions, **{"preamble": "import torch", "limits": ROOMY, **rest}))


def see(sandbox: Sandbox, code: str, *checks: str | tuple[str, str], **rest: Any) -> list[Any]:
    """What each check gave: a plain value, a tensor, or the Observation itself where it is neither."""
    report = run(sandbox, code, *checks, **rest)
    assert report.ending is Ending.FINISHED, (report.ending, report.detail, report.raised, report.stderr)
    return [plain(decode(one.value)) if one.value is not None else one for one in report.observations]


def plain(value: Value) -> Any:
    """A decoded value as Python would write it; what is no plain value stays as it is."""
    if value.kind in ("list", "tuple", "set", "frozenset"):
        return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[value.kind](map(plain, value.data))
    if value.kind == "dict":
        return {plain(key): plain(item) for key, item in value.data}
    return value.data

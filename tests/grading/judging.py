"""What the tests of the judge share: two values in, a finding out, by way of the real bytes."""

from __future__ import annotations

from typing import Any

from quizapp.decks.card import Equals
from quizapp.grading.findings import Comparison, Finding, pack, unpack_findings
from quizapp.grading.judge.judge import judge
from quizapp.sandbox.protocol import Observation, Raised
from quizapp.sandbox.values.model import encode


def ask(comparison: Comparison) -> Finding:
    """One comparison, judged through the bytes that would cross the pipe."""
    (finding,) = unpack_findings(judge(pack([comparison])))
    return finding


def judged(got: object, expected: object, **options: Any) -> Finding:
    """`got` beside `expected`, either of them a value or an exception that was raised."""
    wanted = expected if isinstance(expected, Equals) else observed(expected)
    return ask(Comparison(observed(got), wanted, **options))


def observed(value: object) -> Observation:
    if isinstance(value, Raised):
        return Observation(0, raised=value)
    return Observation(0, value=encode(value))


def raised(error: BaseException) -> Raised:
    names = tuple(f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    return Raised(type(error).__name__, str(error), names)


def predicted(text: str, expected: object, **options: Any) -> Finding:
    """What was typed beside the value, or the exception, that came out."""
    return ask(Comparison(Observation(0), observed(expected), prediction=text, **options))


def agree(got: object, expected: object, **options: Any) -> bool:
    finding = judged(got, expected, **options)
    assert finding.error is None, finding.error
    return finding.agrees

"""Helpers for tests of the judge: two values -> a finding, through the packed bytes."""

from __future__ import annotations

from typing import Any

from quizapp.decks.card import Equals
from quizapp.grading.judge.judge import judge
from quizapp.grading.judge_protocol import Comparison, Finding, Mismatch, pack_comparisons, unpack_findings
from quizapp.sandbox.protocol import Observation, Raised
from quizapp.sandbox.values.serialise import encode


def ask(comparison: Comparison) -> Finding:
    """Return the finding on one comparison, through the bytes that cross the pipe."""
    (finding,) = unpack_findings(judge(pack_comparisons([comparison])))
    return finding


def judged(got: object, expected: object, **options: Any) -> Finding:
    """Return the finding on `got`; each side is a value or a `Raised`, and `expected` may be an `Equals`."""
    if isinstance(expected, Equals):
        return ask(Comparison(observed(got), equals=expected, **options))
    return ask(Comparison(observed(got), observed(expected), **options))


def observed(value: object) -> Observation:
    """Return the observation of a value or of a `Raised`."""
    if isinstance(value, Raised):
        return Observation(0, raised=value)
    return Observation(0, value=encode(value))


def raised(error: BaseException) -> Raised:
    """Return an exception as a worker reports it."""
    names = tuple(f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    return Raised(type(error).__name__, str(error), names)


def predicted(text: str, expected: object, **options: Any) -> Finding:
    """Return the finding on a typed prediction of a value or of a `Raised`."""
    return ask(Comparison(Observation(0), observed(expected), prediction=text, **options))


def agree(got: object, expected: object, **options: Any) -> bool:
    """Return whether two values agree."""
    finding = judged(got, expected, **options)
    assert finding.error is None, finding.error
    return finding.agrees


def mismatch_of(finding: Finding) -> Mismatch:
    """Return the mismatch of a finding that must have one."""
    assert finding.mismatch is not None
    return finding.mismatch

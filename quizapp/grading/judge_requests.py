"""Requests to the judge, within a time limit: a value that it cannot compare in that time is wrong, whatever it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from quizapp.grading.judge_protocol import Comparison, Finding, pack_comparisons, unpack_findings
from quizapp.sandbox.client import JudgeFailed

TOO_EXPENSIVE = Finding(False, "the value is too expensive to compare")
MIN_SECONDS = 2.0
"""Least time limit of one request: values of the size that a run may return are compared in less."""

PORTION = 64 << 20
"""Bytes of values from which comparisons are sent in several requests, because a request is a copy of its values."""

SEARCH_FACTOR = 3
"""Limit of the time for finding the comparison that is too expensive, as a multiple of the limit of one request."""


def request_findings(
    ask: Callable[[bytes, float], bytes], comparisons: Sequence[Comparison], seconds: float
) -> list[Finding]:
    """Return the judge's finding on each comparison; `ask` sends a request that may take so many seconds.

    If it fails, each comparison is requested alone, because the values of an answer may be made to cost much time or
    memory. Raises JudgeFailed if not the answer's value is the cause.
    """
    seconds = max(MIN_SECONDS, seconds)
    findings: list[Finding] = []
    for portion in _portions(comparisons):
        try:
            findings += _request(ask, portion, seconds)
        except JudgeFailed:
            return [*findings, *_one_by_one(ask, comparisons[len(findings) :], seconds)]
    return findings


def _portions(comparisons: Sequence[Comparison]) -> Iterator[list[Comparison]]:
    """Yield successive comparisons whose values have at most PORTION bytes, or a single one."""
    portion: list[Comparison] = []
    size = 0
    for comparison in comparisons:
        added = _size(comparison)
        if portion and size + added > PORTION:
            yield portion
            portion, size = [], 0
        portion.append(comparison)
        size += added
    yield portion


def _size(comparison: Comparison) -> int:
    """Return the bytes of the values of both sides."""
    return sum(len(side.value or b"") for side in (comparison.got, comparison.expected) if side is not None)


def _one_by_one(
    ask: Callable[[bytes, float], bytes], comparisons: Sequence[Comparison], seconds: float
) -> Iterator[Finding]:
    deadline = time.monotonic() + SEARCH_FACTOR * seconds
    for comparison in comparisons:
        if time.monotonic() > deadline:
            yield TOO_EXPENSIVE
            continue
        try:
            yield from _request(ask, [comparison], seconds)
        except JudgeFailed:
            _require_comparable(ask, comparison, seconds)
            yield TOO_EXPENSIVE


def _require_comparable(ask: Callable[[bytes, float], bytes], comparison: Comparison, seconds: float) -> None:
    """Raise JudgeFailed if the judge cannot even compare the expected value with itself."""
    if comparison.expected is not None:
        _request(ask, [replace(comparison, got=comparison.expected, given=None, after=None)], seconds)


def _request(ask: Callable[[bytes, float], bytes], comparisons: Sequence[Comparison], seconds: float) -> list[Finding]:
    return unpack_findings(ask(pack_comparisons(comparisons), seconds))

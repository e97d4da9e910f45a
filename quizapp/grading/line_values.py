"""What each line of an answer bound, for the margin of the editor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from quizapp.decks.card import Card, CardKind
from quizapp.grading.pasted_answers import clean_pasted_answer
from quizapp.sandbox.protocol import MAX_LINE_TEXT, Ending, LineValue, Raised, Report

if TYPE_CHECKING:
    from quizapp.grading.grader import Grader

LIMITS = (Ending.TIMEOUT, Ending.MEMORY, Ending.OUTPUT)


def find_line_values(grader: Grader, card: Card, answer: str) -> tuple[LineValue, ...]:
    """Run `answer` without grading it; return what each line bound. Raises SandboxError."""
    if card.kind not in (CardKind.CODE, CardKind.ORDER):
        return ()
    return grader.scratch(card, clean_pasted_answer(answer)[0]).lines


def without_checks(card: Card, report: Report) -> Report:
    """Return the report of a scratch run without its checks; exceptions become the values of their lines."""
    values = {value.line: value for value in report.lines}
    for raised in _exceptions(card, report):
        if raised.line is not None:
            values[raised.line] = LineValue(raised.line, _headline(raised), is_error=True)
    lines = tuple(values[line] for line in sorted(values))
    report = replace(report, lines=lines, observations=())
    # A limit that the checks exceed says nothing about the code itself.
    has_finished = report.code_ended and report.raised is None and report.ending in LIMITS
    return replace(report, ending=Ending.FINISHED, detail="") if has_finished else report


def _exceptions(card: Card, report: Report) -> Iterator[Raised]:
    """Yield the exception of the first check that should not raise, then the one that ended the code."""
    for seen in report.observations:
        if seen.raised and not card.checks[seen.number].raises:
            yield seen.raised
            break
    if report.raised:
        yield report.raised


def _headline(raised: Raised) -> str:
    text = f"{raised.type}: {raised.message}".rstrip(": ").partition("\n")[0]
    return text if len(text) <= MAX_LINE_TEXT else f"{text[: MAX_LINE_TEXT - 1]}…"

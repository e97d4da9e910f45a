"""A verdict in plain lines, and as JSON: what `try`, the line mode and screen readers are given."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.grading.findings import Finding, Side
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.sandbox.protocol import Raised
from quizapp.text.printable import visible

SYMBOLS = {CheckState.AGREES: "✓", CheckState.DIFFERS: "✗", CheckState.NOT_REACHED: "·", CheckState.DEFERRED: "…"}

HEADLINES = {
    Outcome.PASSED: "✓ passed",
    Outcome.WRONG: "✗ not yet",
    Outcome.ERROR: "✗ your code raised an error",
    Outcome.TIMEOUT: "✗ it ran out of time",
    Outcome.MEMORY: "✗ it ran out of memory",
    Outcome.OUTPUT: "✗ it printed too much",
    Outcome.CRASHED: "✗ the process went away",
    Outcome.BLOCKED: "✗ the sandbox does not allow that",
    Outcome.DEFERRED: "… deferred: this card waits for a GPU",
    Outcome.INTERNAL: "! ptquiz failed here, not your answer",
}


def verdict_lines(verdict: Verdict, *, sides: bool = True) -> Iterator[str]:
    """The verdict for a person; `sides` shows expected and got of the checks that differ."""
    # Decks and answers are written by strangers: nothing of theirs reaches a terminal as it is.
    return map(visible, _lines(verdict, sides=sides))


def _lines(verdict: Verdict, *, sides: bool) -> Iterator[str]:
    of = f"  {verdict.points:g} of {verdict.of:g} points" if verdict.of else ""
    yield f"{HEADLINES[verdict.outcome]}{of}"
    if verdict.detail and verdict.outcome is not Outcome.PASSED:
        yield f"  {visible(verdict.detail)}"
    if verdict.error:
        yield from (f"  {line}" for line in error_lines(verdict.error))
    yield from (f"  {text}" for text in (verdict.cause, verdict.says, *verdict.notes) if text)
    for number, check in enumerate(verdict.checks, 1):
        yield from _check_lines(number, check, sides=sides)
    if verdict.stdout:
        yield "printed:"
        yield from (f"  {line}" for line in visible(verdict.stdout).splitlines())
    if verdict.stderr:
        yield "printed on stderr:"
        yield from (f"  {line}" for line in visible(verdict.stderr).splitlines())


def error_lines(error: Raised) -> Iterator[str]:
    """Type, message, and the line of the learner's own code with a caret under it."""
    yield f"{visible(error.type)}: {visible(error.message)}"
    if error.source is not None:
        source = visible(error.source)
        indent = len(source) - len(source.lstrip())
        yield f"line {error.line}: {source.strip()}"
        if error.column is not None and error.end_column is not None:
            start = len(f"line {error.line}: ") + max(error.column - indent, 0)
            yield " " * start + "^" * max(error.end_column - error.column, 1)
    for name, shape in error.shapes:
        yield f"{visible(name)} is {visible(shape)}"


def _check_lines(number: int, verdict: CheckVerdict, *, sides: bool) -> Iterator[str]:
    check, finding = verdict.check, verdict.finding
    name = "a hidden check" if check.hidden else " ".join(check.see.split())
    state = "" if verdict.state in (CheckState.AGREES, CheckState.DIFFERS) else f"  ({verdict.state})"
    if verdict.state is CheckState.DEFERRED:
        state = "  (deferred: needs a GPU)"
    yield f"{SYMBOLS[verdict.state]} {number}. {name}{state}"
    if verdict.state is not CheckState.DIFFERS or finding is None:
        return
    # What is proved comes before what the author expects of those who fail here.
    if finding.diagnosis:
        yield f"     {visible(finding.diagnosis)}"
    if check.says:
        yield f"     {check.says}"
    if not check.hidden:
        yield f"     {visible(finding.summary)}"
        if sides:
            yield from (f"     {line}" for line in side_lines(finding))


def side_lines(finding: Finding) -> Iterator[str]:
    """Both sides, how far they are apart, and where."""
    for label, side in (("expected", finding.expected), ("got", finding.got)):
        if side:
            first, *rest = visible(side.text).splitlines() or [""]
            yield f"{label:>8}  {described(side)}"
            yield from (f"{'':>8}  {line}" for line in (first, *rest[:7], *(["…"] if len(rest) > 7 else [])))
    # Of a single value, both sides have said it all.
    if finding.total and finding.total > 1:
        counted = f"{finding.differing} of {finding.total} elements differ"
        if finding.differing is not None and counted not in finding.summary:
            yield counted
        for place in finding.places:
            yield f"at {list(place.index)}: expected {visible(place.expected)}, got {visible(place.got)}"
    if finding.largest_absolute is not None:
        relative = f", relative {finding.largest_relative:.3g}" if finding.largest_relative is not None else ""
        yield f"largest difference: absolute {finding.largest_absolute:.3g}{relative}"
    if finding.mask and finding.differing != finding.total:
        yield "where they differ (× differs, · agrees):"
        yield from ("  " + "".join("×" if differs else "·" for differs in row[:64]) for row in finding.mask[:16])


def described(side: Side) -> str:
    """`tensor float32 (2, 3) on cpu`."""
    facts = [
        side.kind,
        side.dtype,
        str(tuple(side.shape)) if side.shape is not None else None,
        f"on {side.device}" if side.device else None,
    ]
    return visible(" ".join(fact for fact in facts if fact))


def as_json(verdict: Verdict) -> dict[str, object]:
    """One plain object; nothing of a hidden check but whether it agrees."""
    error = verdict.error
    return {
        "card": verdict.card,
        "outcome": verdict.outcome.value,
        "score": verdict.score,
        "points": verdict.points,
        "of": verdict.of,
        "checks": [_check_json(check) for check in verdict.checks],
        "says": verdict.says,
        "notes": list(verdict.notes),
        "error": error and {"type": error.type, "message": error.message, "line": error.line},
        "cause": verdict.cause,
        "detail": verdict.detail,
        "stdout": verdict.stdout,
        "stderr": verdict.stderr,
        "seconds": verdict.seconds,
        "tier": verdict.tier,
    }


def _check_json(verdict: CheckVerdict) -> dict[str, object]:
    check, finding = verdict.check, verdict.finding
    seen: dict[str, object] = {} if check.hidden else {"see": check.see}
    return seen | {
        "agrees": None if verdict.state is CheckState.DEFERRED else verdict.agrees,
        "finding": finding.summary if finding and not check.hidden else None,
        "diagnosis": finding.diagnosis if finding else None,
        "points": verdict.points,
        "of": check.points,
        "hidden": check.hidden,
        "deferred": verdict.state is CheckState.DEFERRED,
        "reached": verdict.state is not CheckState.NOT_REACHED,
    }

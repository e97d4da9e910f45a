"""A verdict as one JSON object, for scripts."""

from __future__ import annotations

from quizapp.grading.verdict import CheckState, CheckVerdict, Verdict
from quizapp.sandbox.protocol import Raised
from quizapp.text.clipping import MAX_MESSAGE, MAX_NAME, MAX_SENTENCE, clip
from quizapp.text.verdict_lines import deferred_note


def verdict_as_json(verdict: Verdict) -> dict[str, object]:
    """Return plain data; a hidden check contains its result and diagnosis, but no expression and no summary."""
    error = verdict.error
    return {
        "card": verdict.card,
        "outcome": verdict.outcome.value,
        "score": verdict.score,
        "points": verdict.points,
        "of": verdict.of,
        "checks": [_check_json(check) for check in verdict.checks],
        "mistake": verdict.mistake,
        "diagnosis": _sentence(verdict.diagnosis),
        "line": verdict.line,
        "says": verdict.says,
        "notes": [clip(note, MAX_SENTENCE) for note in verdict.notes],
        "deferred": sum(check.state is CheckState.DEFERRED for check in verdict.checks),
        "deferred_note": deferred_note(verdict),
        "error": error and _error_json(error),
        "call": verdict.call,
        "cause": _sentence(verdict.cause),
        "detail": clip(verdict.detail, MAX_MESSAGE),
        "stdout": verdict.stdout,
        "stderr": verdict.stderr,
        "seconds": verdict.seconds,
        "tier": verdict.tier,
    }


def _error_json(error: Raised) -> dict[str, object]:
    return {"type": clip(error.type, MAX_NAME), "message": clip(error.message, MAX_MESSAGE), "line": error.line}


def _sentence(text: str | None) -> str | None:
    return None if text is None else clip(text, MAX_SENTENCE)


def _check_json(verdict: CheckVerdict) -> dict[str, object]:
    check, finding = verdict.check, verdict.finding
    expression: dict[str, object] = {} if check.hidden else {"see": check.see}
    return expression | {
        "agrees": None if verdict.state is CheckState.DEFERRED else verdict.agrees,
        "finding": _sentence(finding.summary) if finding and not check.hidden else None,
        "diagnosis": _sentence(finding.diagnosis) if finding else None,
        "mistake": finding.mistake if finding else None,
        "says": check.says,
        "points": verdict.points,
        "of": check.points,
        "hidden": check.hidden,
        "deferred": verdict.state is CheckState.DEFERRED,
        "reached": verdict.state is not CheckState.NOT_REACHED,
    }

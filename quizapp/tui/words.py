"""Words and symbols for outcomes, states and spans of time. A symbol stands wherever a colour speaks."""

from __future__ import annotations

from datetime import timedelta

from quizapp.grading.verdict import Outcome, State, Verdict
from quizapp.review.rating import Proposal

OUTCOMES: dict[Outcome, tuple[str, str, str]] = {
    Outcome.PASSED: ("✓", "passed", "success"),
    Outcome.WRONG: ("✗", "not right yet", "error"),
    Outcome.ERROR: ("!", "your code raised an error", "error"),
    Outcome.TIMEOUT: ("◷", "ran out of time", "warning"),
    Outcome.MEMORY: ("▲", "ran out of memory", "warning"),
    Outcome.OUTPUT: ("≡", "printed too much", "warning"),
    Outcome.CRASHED: ("†", "the process went away", "warning"),
    Outcome.BLOCKED: ("⊘", "the sandbox refused that", "warning"),
    Outcome.DEFERRED: ("○", "needs a GPU; none is here", "secondary"),
    Outcome.INTERNAL: ("?", "ptquiz failed, not your answer", "secondary"),
}
"""Symbol, words, and the theme's colour."""

STATES: dict[State, tuple[str, str]] = {
    State.AGREES: ("✓", "success"),
    State.DIFFERS: ("✗", "error"),
    State.NOT_REACHED: ("–", "warning"),
    State.DEFERRED: ("○", "secondary"),
}


def interval(span: timedelta) -> str:
    """A span until the next showing, in one number and one unit."""
    minutes = span.total_seconds() / 60
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes:.0f} min"
    if minutes < 60 * 24:
        return f"{minutes / 60:.0f} h"
    days = minutes / 60 / 24
    if days < 31:
        return f"{days:.0f} d"
    return f"{days / 30.44:.1f} mo" if days < 365 else f"{days / 365.25:.1f} y"


def amount(number: float) -> str:
    """Points without a needless `.0`."""
    return f"{number:g}"


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def next_step(verdict: Verdict, proposal: Proposal | None) -> str:
    """What the learner can do after a verdict."""
    if verdict.passed and proposal is not None:
        return f"{proposal.rating.label} is proposed: {proposal.why}. Enter takes it"
    if not verdict.outcome.rateable:
        return "this says nothing about you; it is not rated"
    return "mend it and press F5 again, F2 for a hint, F7 to give up"

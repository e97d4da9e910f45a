"""Words and symbols for outcomes and states. A symbol stands wherever a colour speaks."""

from __future__ import annotations

from quizapp.grading.verdict import CheckState, Outcome, Verdict
from quizapp.review.rating import Proposal
from quizapp.sandbox.protocol import Ending, Report

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

STATES: dict[CheckState, tuple[str, str]] = {
    CheckState.AGREES: ("✓", "success"),
    CheckState.DIFFERS: ("✗", "error"),
    CheckState.NOT_REACHED: ("–", "warning"),
    CheckState.DEFERRED: ("○", "secondary"),
}

MUTED = "$text 60%"
"""The style of what is read last. A span knows no ground, and `$text-muted`, which is made from it, turns out white."""


def next_step(verdict: Verdict, proposal: Proposal | None) -> str:
    """What the learner can do after a verdict."""
    if verdict.passed and proposal is not None:
        return proposal_text(proposal)
    if not verdict.outcome.rateable:
        return "this says nothing about you; it is not rated"
    return "mend it and press F5 again, F2 for a hint, F7 to give up"


def scratch_summary(report: Report) -> str:
    """How a run went that was only tried out."""
    how = "" if report.ending is Ending.FINISHED else f": {report.detail or report.ending.value}"
    return f"tried out, nothing was graded{how}"


def proposal_text(proposal: Proposal) -> str:
    """The proposed rating, why it is proposed, and the key that takes it."""
    return f"{proposal.rating.label} is proposed: {proposal.why}. Enter takes it"

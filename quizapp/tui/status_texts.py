"""Texts of the status line after a verdict or a scratch run."""

from __future__ import annotations

from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.rating import Proposal
from quizapp.sandbox.protocol import Ending, Report


def next_step(verdict: Verdict, proposal: Proposal | None) -> str:
    """Return the hint about the next step after a verdict."""
    if verdict.passed and proposal is not None:
        return proposal_text(proposal)
    if verdict.outcome is Outcome.UNREADABLE:
        return f"not counted: {verdict.detail}"
    if not verdict.outcome.rateable:
        return "not rated: this outcome says nothing about your knowledge"
    return "fix it and press F5 again, F2 for a hint, F7 to give up"


def scratch_summary(report: Report) -> str:
    """Return how a scratch run ended."""
    how = "" if report.ending is Ending.FINISHED else f": {report.detail or report.ending.value}"
    return f"ran without grading{how}"


def proposal_text(proposal: Proposal) -> str:
    """Return the proposed rating, the reason, and the key that accepts it."""
    return f"{proposal.rating.label} is proposed: {proposal.why}. Enter accepts it"

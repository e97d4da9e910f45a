"""The rating proposed for a card, and the reason in at most five words.

The four ratings are those of FSRS-6. FSRS defines their effect on the memory but not how to choose one; this policy and
its thresholds are ptquiz's own (docs/decisions/0006).
"""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.review.memory import Rating

FAST = 0.5
"""Share of the usual time up to which an answer is fast."""

SLOW = 2.0
"""Share of the usual time from which an answer is slow."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that counts for a rating."""

    passed: bool
    tries: int = 1
    """Graded answers, including the right one."""

    hints: int = 0
    gave_up: bool = False
    seconds: float | None = None
    """Time until the first right answer."""

    usual_seconds: float | None = None
    """The learner's own median for similar cards; None until there are enough."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed rating, which the learner may change."""

    rating: Rating
    why: str


def propose(evidence: Evidence, two_buttons: bool = False) -> Proposal:
    """Return Good for a right first answer; each retry, hint or slow answer lowers the rating by one.

    A fast right answer is Easy. With `two_buttons`, everything above Again is Good.
    """
    proposal = _propose(evidence)
    if two_buttons and proposal.rating is not Rating.AGAIN:
        return Proposal(Rating.GOOD, proposal.why)
    return proposal


def _propose(evidence: Evidence) -> Proposal:
    if evidence.gave_up:
        return Proposal(Rating.AGAIN, "gave up")
    if not evidence.passed:
        return Proposal(Rating.AGAIN, "no right answer yet")
    pace = _pace(evidence)
    slips = evidence.tries - 1 + evidence.hints
    if slips == 0 and pace < 0:
        return Proposal(Rating.EASY, "first try, fast, no hints")
    rating = Rating(max(Rating.AGAIN, Rating.GOOD - slips - max(pace, 0)))
    return Proposal(rating, _why(evidence, is_slow=pace > 0))


def _pace(evidence: Evidence) -> int:
    """Return -1 for a fast answer, 0 for a usual one, 1 for a slow one."""
    if evidence.seconds is None or evidence.usual_seconds is None:
        return 0
    if evidence.seconds <= FAST * evidence.usual_seconds:
        return -1
    return int(evidence.seconds >= SLOW * evidence.usual_seconds)


def _why(evidence: Evidence, is_slow: bool) -> str:
    tries = "first try" if evidence.tries <= 1 else f"{evidence.tries} tries"
    if evidence.hints:
        return f"{tries}, {evidence.hints} {'hint' if evidence.hints == 1 else 'hints'}"
    return f"{tries}, slow" if is_slow else f"{tries}, no hints"

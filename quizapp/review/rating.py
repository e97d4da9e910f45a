"""What happened while a card was answered -> the rating to propose, and why in at most five words."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.review.memory import Rating

FAST = 0.5
"""Of the usual time: at most this is fast."""

SLOW = 2.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that counts for a rating."""

    passed: bool
    tries: int = 1
    """Answers that ran, the right one included."""

    hints: int = 0
    gave_up: bool = False
    seconds: float | None = None
    """To the first right answer."""

    usual: float | None = None
    """The learner's own median for such cards; None until there are enough."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rating that the learner may change with one key."""

    rating: Rating
    why: str


def propose(evidence: Evidence, two_buttons: bool = False) -> Proposal:
    """Good for a first right answer; every further try, hint and a slow hand take one step off."""
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
    return Proposal(rating, _why(evidence, slow=pace > 0))


def _pace(evidence: Evidence) -> int:
    """-1 fast, 0 as usual, 1 slow."""
    if evidence.seconds is None or evidence.usual is None:
        return 0
    if evidence.seconds <= FAST * evidence.usual:
        return -1
    return int(evidence.seconds >= SLOW * evidence.usual)


def _why(evidence: Evidence, slow: bool) -> str:
    tries = "first try" if evidence.tries <= 1 else f"{evidence.tries} tries"
    if evidence.hints:
        return f"{tries}, {evidence.hints} {'hint' if evidence.hints == 1 else 'hints'}"
    return f"{tries}, slow" if slow else f"{tries}, no hints"

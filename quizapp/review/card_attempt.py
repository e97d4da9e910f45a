"""One card while it is on the screen: answers, hints, time; the evidence for a rating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quizapp.decks.card import Card
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.fingerprint import fingerprint
from quizapp.review.memory import Memory, MemoryState, Rating, Review
from quizapp.review.rating import Evidence, Proposal
from quizapp.review.store import CardProgress

GAVE_UP = "gave-up"
"""The outcome that is logged where no answer was judged."""

LONGEST = 1800.0
"""Seconds that count at most: beyond it, the learner was away."""


@dataclass(slots=True)
class CardAttempt:
    """From the question to the rating."""

    card: Card
    memory: Memory | None
    shown_at: datetime
    draft: str
    rung: int = 0
    """Hints shown here."""

    hints: int = 0
    """Hints that count: also those of an earlier showing that no rating has closed."""

    tries: int = 0
    gave_up: bool = False
    first: str = ""
    """The first verdict's outcome; empty while there is none."""

    score: float = 0.0
    """The first verdict's."""

    last: str = ""
    family: str | None = None
    seconds: float | None = None
    """To the first right answer, or to giving up."""

    _fingerprint: str = ""

    @property
    def fingerprint(self) -> str:
        """Of the card as it is now; worked out once."""
        self._fingerprint = self._fingerprint or fingerprint(self.card)
        return self._fingerprint

    def hint(self) -> str | None:
        """The next rung of the ladder; None at its top."""
        if self.rung >= len(self.card.hints):
            return None
        self.rung += 1
        self.hints = max(self.hints, self.rung)
        return self.card.hints[self.rung - 1]

    def judged(self, verdict: Verdict, submitted_at: datetime) -> None:
        """Count a verdict, unless it says nothing about the learner; nor does an answer after giving up."""
        if verdict.outcome.rateable:
            self._count(str(verdict.outcome), verdict.score, family(verdict), self.elapsed(submitted_at))

    def resume(self, found: CardProgress) -> None:
        """Count answers and help of an earlier showing that no rating has closed: a restart makes no first try."""
        self.hints = found.hints
        for attempt in found.attempts:
            self._count(attempt.outcome, attempt.score, attempt.family, attempt.seconds)
        self.gave_up = found.gave_up and not self.passed

    def _count(self, outcome: str, score: float, family: str | None, seconds: float) -> None:
        if self.gave_up or self.passed:
            return
        self.tries += 1
        if not self.first:
            self.first, self.score = outcome, score
        self.last = outcome
        if self.passed:
            self.seconds = seconds
        elif self.family is None:
            self.family = family

    def give_up(self, now: datetime) -> None:
        if not self.passed and not self.gave_up:
            self.gave_up = True
            self.seconds = self.elapsed(now)

    @property
    def passed(self) -> bool:
        return self.last == Outcome.PASSED

    @property
    def rateable(self) -> bool:
        return self.gave_up or bool(self.last)

    def elapsed(self, now: datetime) -> float:
        return min(LONGEST, max(0.0, (now - self.shown_at).total_seconds()))

    def evidence(self, usual: float | None) -> Evidence:
        return Evidence(self.passed, self.tries, self.hints, self.gave_up, self.seconds, usual)

    def review(
        self,
        rating: Rating,
        proposal: Proposal,
        before: Memory | None,
        now: datetime,
        day: int,
        scheduled: int,
        predicted: float | None,
    ) -> Review:
        """`before` is the memory that the rating builds on; `scheduled` and `predicted` are what was said of it."""
        return Review(
            card=self.card.name,
            rating=rating,
            proposed=proposal.rating,
            at=now,
            day=day,
            why=proposal.why,
            outcome=self.last or GAVE_UP,
            first=self.first or GAVE_UP,
            score=self.score,
            tries=self.tries,
            hints=self.hints,
            gave_up=self.gave_up,
            seconds=self.seconds if self.seconds is not None else self.elapsed(now),
            family=self.family,
            before=before.state if before else MemoryState.NEW,
            elapsed=max(0, day - before.last_day) if before else None,
            scheduled=scheduled,
            predicted=predicted,
        )


def family(verdict: Verdict) -> str | None:
    """The kind of mistake, as statistics count it: the diagnosis, else the error, else the outcome."""
    for check in verdict.checks:
        if check.finding and check.finding.family:
            return check.finding.family
    if verdict.error:
        return verdict.error.type
    return None if verdict.outcome in (Outcome.WRONG, Outcome.PASSED) else str(verdict.outcome)

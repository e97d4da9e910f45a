"""One card from the question to the rating: answers, hints and time, the evidence for the rating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quizapp.decks.card import Card
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.fingerprint import fingerprint
from quizapp.review.memory import Memory, MemoryState, Rating, Review
from quizapp.review.rating import Evidence, Proposal
from quizapp.review.store import Attempt, CardProgress
from quizapp.text.clipping import MAX_SENTENCE, clip
from quizapp.text.printable import visible
from quizapp.text.verdict_lines import error_headline

GAVE_UP = "gave-up"
"""The outcome that is logged if no answer was graded."""

MAX_SECONDS = 1800.0
"""The longest time that counts: beyond it, the learner was away."""


@dataclass(slots=True)
class CardAttempt:
    """The current card, with everything that happened since it was shown."""

    card: Card
    memory: Memory | None
    """The memory before the review; None for a new card."""

    shown_at: datetime
    draft: str
    hints_shown: int = 0
    """Hints taken since the card was shown."""

    hints: int = 0
    """Hints that count for the rating, including those from before a restart."""

    tries: int = 0
    gave_up: bool = False
    first_outcome: str = ""
    """Outcome of the first verdict; empty before it."""

    first_score: float = 0.0
    """Score of the first verdict, from 0 to 1."""

    last_outcome: str = ""
    mistake: str | None = None
    """The key of the first mistake."""

    seconds: float | None = None
    """Time until the first right answer or giving up."""

    _fingerprint: str = ""

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the card as it is now; cached."""
        self._fingerprint = self._fingerprint or fingerprint(self.card)
        return self._fingerprint

    @property
    def has_changed(self) -> bool:
        """Whether the card's solution or checks changed since its last review."""
        return self.memory is not None and self.memory.fingerprint not in ("", self.fingerprint)

    def take_hint(self) -> str | None:
        """Return the next hint; None after the last one."""
        if self.hints_shown >= len(self.card.hints):
            return None
        self.hints_shown += 1
        self.hints = max(self.hints, self.hints_shown)
        return self.card.hints[self.hints_shown - 1]

    def add_verdict(self, verdict: Verdict, submitted_at: datetime) -> None:
        """Count a verdict, unless it says nothing about the learner, or the card is passed or given up already."""
        if verdict.outcome.rateable:
            self._count(str(verdict.outcome), verdict.score, verdict.mistake, self.elapsed(submitted_at))

    def resume(self, progress: CardProgress) -> None:
        """Count the answers and help from before a restart: the next answer is not a first try."""
        self.hints = progress.hints
        for attempt in progress.attempts:
            self._count(attempt.outcome, attempt.score, attempt.mistake, attempt.seconds)
        self.gave_up = progress.gave_up and not self.passed

    def _count(self, outcome: str, score: float, mistake: str | None, seconds: float) -> None:
        if self.gave_up or self.passed:
            return
        self.tries += 1
        if not self.first_outcome:
            self.first_outcome, self.first_score = outcome, score
        self.last_outcome = outcome
        if self.passed:
            self.seconds = seconds
        elif self.mistake is None:
            self.mistake = mistake

    def give_up(self, now: datetime) -> None:
        if not self.passed and not self.gave_up:
            self.gave_up = True
            self.seconds = self.elapsed(now)

    @property
    def passed(self) -> bool:
        return self.last_outcome == Outcome.PASSED

    @property
    def is_rateable(self) -> bool:
        return self.gave_up or bool(self.last_outcome)

    def elapsed(self, now: datetime) -> float:
        """Return the seconds since the card was shown, from 0 to MAX_SECONDS."""
        return min(MAX_SECONDS, max(0.0, (now - self.shown_at).total_seconds()))

    def evidence(self, usual_seconds: float | None) -> Evidence:
        return Evidence(self.passed, self.tries, self.hints, self.gave_up, self.seconds, usual_seconds)

    def to_attempt(self, answer: str, verdict: Verdict, at: datetime, is_practice: bool) -> Attempt:
        """Return one graded answer as it is stored."""
        outcome, score, mistake = str(verdict.outcome), verdict.score, verdict.mistake
        return Attempt(at, answer, outcome, score, mistake, summarise(verdict), self.elapsed(at), is_practice)

    def to_review(
        self,
        rating: Rating,
        proposal: Proposal,
        before: Memory | None,
        now: datetime,
        day: int,
        scheduled_days: int,
        predicted_recall: float | None,
    ) -> Review:
        """Return the review to log.

        `before` is the memory that the rating builds on, `scheduled_days` and `predicted_recall` are its interval and
        its probability of recall at `now`.
        """
        return Review(
            card=self.card.name,
            rating=rating,
            proposed=proposal.rating,
            at=now,
            day=day,
            why=proposal.why,
            outcome=self.last_outcome or GAVE_UP,
            first_outcome=self.first_outcome or GAVE_UP,
            first_score=self.first_score,
            tries=self.tries,
            hints=self.hints,
            gave_up=self.gave_up,
            seconds=self.seconds if self.seconds is not None else self.elapsed(now),
            mistake=self.mistake,
            state_before=before.state if before else MemoryState.NEW,
            elapsed_days=max(0, day - before.last_day) if before else None,
            scheduled_days=scheduled_days,
            predicted_recall=predicted_recall,
        )


def summarise(verdict: Verdict) -> str | None:
    """Return a verdict in one printable line for the list of past answers; None if there is nothing to say."""
    text = verdict.diagnosis or next(
        (check.finding.summary for check in verdict.checks if check.finding and not check.finding.agrees), None
    )
    if verdict.error and not verdict.diagnosis:
        text = error_headline(verdict.error)
    return clip(visible(text).splitlines()[0], MAX_SENTENCE) if text else None

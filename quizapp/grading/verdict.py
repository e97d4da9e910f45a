"""What an answer earned, and the one place that ranks outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quizapp.decks.card import Check
from quizapp.grading.findings import Finding
from quizapp.sandbox.protocol import Raised


class Outcome(StrEnum):
    """What became of an answer."""

    PASSED = "passed"
    WRONG = "wrong"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    CRASHED = "crashed"
    BLOCKED = "blocked"
    """The sandbox refused what the answer tried, and that ended it."""

    DEFERRED = "deferred"
    """Every check needs a GPU, and there is none."""

    INTERNAL = "internal"
    """We failed, not the answer: shown, never rated."""

    @property
    def rateable(self) -> bool:
        return self not in (Outcome.DEFERRED, Outcome.INTERNAL)


class CheckState(StrEnum):
    """What became of one check."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_REACHED = "not reached"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class CheckVerdict:
    """One check's part in a verdict; of the worst trial."""

    check: Check
    state: CheckState
    finding: Finding | None = None
    trial: int = 0

    @property
    def agrees(self) -> bool:
        return self.state is CheckState.AGREES

    @property
    def points(self) -> float:
        return self.check.points if self.agrees else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that an answer earned."""

    card: str
    outcome: Outcome
    score: float = 0.0
    """Between 0 and 1: points earned of those that could be earned here, in the worst trial."""

    points: float = 0.0
    of: float = 0.0
    """Points of the checks that are not deferred."""

    checks: tuple[CheckVerdict, ...] = ()
    says: str | None = None
    """What the deck says of a known wrong answer with these values."""

    notes: tuple[str, ...] = ()
    """One sentence each: a forbidden name, an unused given, a seed that matters."""

    error: Raised | None = None
    cause: str | None = None
    """One sentence on what such an error means."""

    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    tier: str = ""
    detail: str = ""

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED

    @property
    def diagnosis(self) -> str | None:
        """The first diagnosis among the checks that differ."""
        return next((c.finding.diagnosis for c in self.checks if c.finding and c.finding.diagnosis), None)

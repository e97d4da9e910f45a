"""The verdict on an answer: its outcome, its score, and the state of each check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quizapp.decks.card import Check
from quizapp.grading.judge_protocol import Finding
from quizapp.sandbox.protocol import Raised


class Outcome(StrEnum):
    """The result of an answer as a whole."""

    PASSED = "passed"
    WRONG = "wrong"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    CRASHED = "crashed"
    BLOCKED = "blocked"
    """The sandbox denied a system call, and the exception ended the answer."""

    DEFERRED = "deferred"
    """Every check needs a GPU, and this machine has no usable one."""

    UNREADABLE = "unreadable"
    """Nothing could be read from a prediction: asked again, never counted."""

    INTERNAL = "internal"
    """The card or the sandbox failed, not the answer: displayed, never rated."""

    @property
    def rateable(self) -> bool:
        """Whether the outcome is the learner's own result."""
        return self not in (Outcome.DEFERRED, Outcome.UNREADABLE, Outcome.INTERNAL)


class CheckState(StrEnum):
    """The result of one check."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_REACHED = "not reached"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class CheckVerdict:
    """The result of one check in the worst trial."""

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
    """The result of grading one answer."""

    card: str
    outcome: Outcome
    score: float = 0.0
    """Between 0 and 1: `points` / `of`, in the worst trial."""

    points: float = 0.0
    of: float = 0.0
    """Points of the checks that are not deferred."""

    checks: tuple[CheckVerdict, ...] = ()
    says: str | None = None
    """The deck's explanation of a known wrong answer with the same values."""

    notes: tuple[str, ...] = ()
    """One sentence each: a forbidden name, an unused given name, a result that depends on the seed."""

    error: Raised | None = None
    """The exception that ended the answer, or else the first one in the learner's code that a check met."""

    call: str | None = None
    """The code of the check in which `error` was raised; None if the answer itself raised it."""

    cause: str | None = None
    """One sentence that explains `error`."""

    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    tier: str = ""
    detail: str = ""

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED

    @property
    def mistake(self) -> str | None:
        """The kind of mistake for statistics: that of the diagnosis, else the error's type, else the outcome."""
        families = (check.finding.family for check in self.checks if check.finding)
        if family := next(filter(None, families), None):
            return family
        if self.error:
            return self.error.type
        return None if self.outcome in (Outcome.WRONG, Outcome.PASSED) else str(self.outcome)

    @property
    def diagnosis(self) -> str | None:
        """The first diagnosis among the checks that differ."""
        return next((c.finding.diagnosis for c in self.checks if c.finding and c.finding.diagnosis), None)

"""The verdict on an answer: its outcome, its score, and the state of each check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quizapp.decks.card import Check
from quizapp.grading.code_changes.proved_mistake import ProvedMistake
from quizapp.grading.error_causes import mistake_of_error
from quizapp.grading.judge_protocol import Finding
from quizapp.grading.mistake import Mistake
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


OF_OUTCOME = {
    Outcome.ERROR: Mistake.EXCEPTION,
    Outcome.TIMEOUT: Mistake.TIMEOUT,
    Outcome.MEMORY: Mistake.MEMORY,
    Outcome.OUTPUT: Mistake.OUTPUT,
    Outcome.CRASHED: Mistake.CRASHED,
    Outcome.BLOCKED: Mistake.BLOCKED,
}
"""Outcome -> mistake, where nothing more specific is known."""


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

    proof: ProvedMistake | None = None
    """The mistake that changing the code has proved; it explains all checks that differ."""

    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    tier: str = ""
    detail: str = ""

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED

    @property
    def mistake(self) -> Mistake | None:
        """The key of the mistake: the proved one, else that of the first check, of the error, the outcome or a rule."""
        if self.proof:
            return self.proof.mistake
        mistakes = (check.finding.mistake for check in self.checks if check.finding)
        if mistake := next(filter(None, mistakes), None):
            return mistake
        if self.error:
            return mistake_of_error(self.error)
        return Mistake.RULE_BROKEN if self.breaks_only_rules else OF_OUTCOME.get(self.outcome)

    @property
    def has_wrong_value(self) -> bool:
        """Whether some check differs by a value, not by an exception."""
        findings = (check.finding for check in self.checks if check.state is CheckState.DIFFERS)
        return any(finding is not None and finding.mismatch is not None for finding in findings)

    @property
    def breaks_only_rules(self) -> bool:
        """Whether every check that was run agrees, and the answer is wrong because of a rule of the card."""
        states = {check.state for check in self.checks}
        is_agreed = {CheckState.AGREES} <= states <= {CheckState.AGREES, CheckState.DEFERRED}
        return bool(self.notes) and self.outcome is Outcome.WRONG and is_agreed

    @property
    def diagnosis(self) -> str | None:
        """The proved mistake, else the first diagnosis among the checks that differ."""
        if self.proof:
            return self.proof.sentence
        return next((c.finding.diagnosis for c in self.checks if c.finding and c.finding.diagnosis), None)

    @property
    def line(self) -> int | None:
        """The line of the answer, from 1, that raised the exception, or whose change was proved to be needed."""
        if self.error:
            return self.error.line
        return self.proof.line if self.proof else None

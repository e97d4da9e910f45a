"""Findings -> outcome and score: what each trial gave, and which of them counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from quizapp.decks.card import Card, Check
from quizapp.grading.error_causes import cause_of
from quizapp.grading.findings import Comparison, Finding
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.sandbox.protocol import Ending, Observation, Raised, Report

ENDINGS = {
    Ending.INTERNAL: Outcome.INTERNAL,
    Ending.TIMEOUT: Outcome.TIMEOUT,
    Ending.MEMORY: Outcome.MEMORY,
    Ending.OUTPUT: Outcome.OUTPUT,
    Ending.CRASHED: Outcome.CRASHED,
}
REFUSALS = frozenset({"PermissionError", "BlockingIOError"})
"""How a denied system call reaches Python code."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial of an answer beside the reference: its runs, then the judge's findings."""

    number: int
    reports: tuple[Report, ...] = ()
    """Of the answer, one for each device that was run."""

    references: tuple[Report, ...] = ()
    devices: frozenset[str] = frozenset()
    comparisons: Mapping[int, Comparison] = field(default_factory=dict)
    """By the check's number; a check that was not reached has none."""

    findings: Mapping[int, Finding] = field(default_factory=dict)
    fault: str | None = None
    """What is wrong with the card itself."""

    def add(
        self,
        card: Card,
        device: str,
        reference: Report | None,
        report: Report,
        tolerances: Mapping[int, float] | None = None,
    ) -> Trial:
        """This trial with the run on one more device; `tolerances` are those measured for `rtol: auto`."""
        seen = {o.number: o for o in reference.observations} if reference else {}
        comparisons = dict(self.comparisons)
        fault = self.fault or (_fault(reference) if reference else None)
        for got in report.observations:
            check = card.checks[got.number]
            expected = check.equals or seen.get(got.number)
            if expected is None:
                fault = fault or f"the reference did not reach check {got.number + 1}"
                continue
            given = reference.given if reference else None
            asked = comparison(check, expected, got, given, report.after)
            if check.rtol == "auto":
                asked = replace(asked, rtol=None, atol=(tolerances or {}).get(got.number) or check.atol)
            comparisons[got.number] = asked
        return replace(
            self,
            reports=(*self.reports, report),
            references=(*self.references, reference) if reference else self.references,
            devices=self.devices | {device},
            comparisons=comparisons,
            fault=fault,
        )

    @property
    def ended(self) -> Report | None:
        """The run that did not come to an ordinary end, if there is one."""
        return next((report for report in self.reports if report.ending is not Ending.FINISHED), None)

    @property
    def raised(self) -> Raised | None:
        return next((report.raised for report in self.reports if report.raised), None)

    @property
    def operators(self) -> Mapping[str, int]:
        """Calls that the answer's run counted."""
        return self.reports[0].operators if self.reports else {}

    @property
    def reference_operators(self) -> Mapping[str, int] | None:
        return self.references[0].operators if self.references else None

    @property
    def observations(self) -> dict[int, Observation]:
        return {observation.number: observation for report in self.reports for observation in report.observations}

    def checks(self, card: Card) -> tuple[CheckVerdict, ...]:
        return tuple(self._check(number, check) for number, check in enumerate(card.checks))

    def _check(self, number: int, check: Check) -> CheckVerdict:
        finding = self.findings.get(number)
        if check.device not in self.devices:
            state = CheckState.DEFERRED
        elif finding is None:
            state = CheckState.NOT_REACHED
        else:
            state = CheckState.AGREES if finding.agrees else CheckState.DIFFERS
        return CheckVerdict(check, state, finding, self.number)

    def outcome(self, card: Card, checks: Sequence[CheckVerdict]) -> Outcome:
        """Our own failure first, then how the run ended, then what the checks say."""
        if self.fault or any(finding.error for finding in self.findings.values()):
            return Outcome.INTERNAL
        if self.ended:
            return ENDINGS[self.ended.ending]
        if self.raised and any(check.state is CheckState.NOT_REACHED for check in checks):
            return Outcome.BLOCKED if self.raised.type in REFUSALS else Outcome.ERROR
        tried = [check for check in checks if check.state is not CheckState.DEFERRED]
        if not tried:
            return Outcome.DEFERRED
        return Outcome.PASSED if all(check.agrees for check in tried) else Outcome.WRONG


def comparison(
    check: Check, expected: object, got: Observation, given: bytes | None = None, after: bytes | None = None
) -> Comparison:
    """What the judge is asked about one check."""
    return Comparison(
        got=got,
        expected=expected,  # type: ignore[arg-type]
        see=check.see,
        rtol=check.rtol,
        atol=check.atol,
        ignore=check.ignore,
        given=given,
        after=after,
        hidden=check.hidden,
    )


def _fault(reference: Report) -> str | None:
    if reference.ending is not Ending.FINISHED:
        return f"the reference did not finish: {reference.ending} {reference.detail}".rstrip()
    if reference.raised and not reference.observations:
        return f"the reference raises {reference.raised.type}: {reference.raised.message}"
    return None


def verdict_of(card: Card, trials: Sequence[Trial], notes: Sequence[str] = ()) -> Verdict:
    """The verdict of the worst trial; `notes` are what `forbid` and `require` found."""
    graded = [(trial, trial.checks(card)) for trial in trials]
    trial, checks = min(graded, key=lambda pair: _standing(pair[0].outcome(card, pair[1]), pair[1]))
    outcome = trial.outcome(card, checks)
    of = sum(check.check.points for check in checks if check.state is not CheckState.DEFERRED)
    points = sum(check.points for check in checks)
    if notes and outcome in (Outcome.PASSED, Outcome.WRONG):
        outcome, points = Outcome.WRONG, 0.0
    ended = trial.ended or (trial.reports[0] if trial.reports else None)
    return Verdict(
        card=card.name,
        outcome=outcome,
        score=points / of if of else 0.0,
        points=points,
        of=of,
        checks=checks,
        notes=tuple(notes),
        error=trial.raised,
        cause=cause_of(trial.raised) if trial.raised else None,
        stdout=ended.stdout if ended else "",
        stderr=ended.stderr if ended else "",
        seconds=sum(report.seconds for report in trial.reports),
        detail=trial.fault
        or next((f.error for f in trial.findings.values() if f.error), None)
        or (ended.detail if ended else ""),
    )


RANK = (
    Outcome.INTERNAL,
    Outcome.TIMEOUT,
    Outcome.MEMORY,
    Outcome.OUTPUT,
    Outcome.CRASHED,
    Outcome.BLOCKED,
    Outcome.ERROR,
    Outcome.WRONG,
    Outcome.DEFERRED,
    Outcome.PASSED,
)
"""Worst first: which trial a verdict tells of."""


def _standing(outcome: Outcome, checks: Sequence[CheckVerdict]) -> tuple[bool, float, int]:
    """Ours before theirs, then the fewest points, then the worse outcome."""
    return outcome is not Outcome.INTERNAL, sum(check.points for check in checks), RANK.index(outcome)


def prediction_verdict(card: Card, finding: Finding, says: str | None) -> Verdict:
    """What a typed prediction earned."""
    check = card.checks[0]
    passed = finding.agrees
    outcome = Outcome.INTERNAL if finding.error else Outcome.PASSED if passed else Outcome.WRONG
    return Verdict(
        card=card.name,
        outcome=outcome,
        score=1.0 if passed else 0.0,
        points=check.points if passed else 0.0,
        of=check.points,
        checks=(CheckVerdict(check, CheckState.AGREES if passed else CheckState.DIFFERS, finding),),
        says=says,
        detail=finding.error or "",
    )

"""Findings -> outcome and score: the result of each trial, and which trial counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from quizapp.decks.card import Card, Check, Equals
from quizapp.grading.answer_rules.budget import budget_verdicts
from quizapp.grading.error_causes import explain_error
from quizapp.grading.judge_protocol import Comparison, Finding
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
"""Exceptions that a denied system call raises in Python code."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial of an answer and of the reference: their runs, then the judge's findings."""

    number: int
    reports: tuple[Report, ...] = ()
    """Reports of the answer, one for each device."""

    references: tuple[Report, ...] = ()
    devices: frozenset[str] = frozenset()
    comparisons: Mapping[int, Comparison] = field(default_factory=dict)
    """Check number -> comparison, for the checks that were reached."""

    findings: Mapping[int, Finding] = field(default_factory=dict)
    fault: str | None = None
    """A fault of the card itself."""

    has_values: bool = True
    """Whether the values are still there, which takes memory; findings need none."""

    @property
    def size(self) -> int:
        """Bytes of all values of the answer and of the reference."""
        return sum(report.size for report in (*self.reports, *self.references))

    def without_values(self) -> Trial:
        """Return the judged trial without any value."""
        reports, references = (
            tuple(report.without_values() for report in side) for side in (self.reports, self.references)
        )
        return replace(self, reports=reports, references=references, comparisons={}, has_values=False)

    def add(
        self,
        card: Card,
        device: str,
        reference: Report | None,
        report: Report,
        tolerances: Mapping[int, float] | None = None,
    ) -> Trial:
        """Return this trial with the run on one more device; `tolerances` are those measured for `rtol: auto`."""
        from_reference = {o.number: o for o in reference.observations} if reference else {}
        comparisons = dict(self.comparisons)
        fault = self.fault or (_reference_fault(reference) if reference else None)
        for got in report.observations:
            check = card.checks[got.number]
            expected = check.equals or from_reference.get(got.number)
            if expected is None:
                fault = fault or f"the reference did not reach check {got.number + 1}"
                continue
            given = reference.given if reference else None
            comparison = build_comparison(check, expected, got, given, report.after)
            if check.rtol == "auto":
                comparison = replace(comparison, rtol=None, atol=(tolerances or {}).get(got.number) or check.atol)
            comparisons[got.number] = comparison
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
        """The first run that was ended by a limit, a crash or the sandbox, if there is one."""
        return next((report for report in self.reports if report.ending is not Ending.FINISHED), None)

    @property
    def raised(self) -> Raised | None:
        """The first exception that ended the answer's code, if there is one."""
        return next((report.raised for report in self.reports if report.raised), None)

    @property
    def calls(self) -> Mapping[str, int]:
        """Number of calls in the answer's run, by rule."""
        return self.reports[0].calls if self.reports else {}

    @property
    def reference_calls(self) -> Mapping[str, int] | None:
        """The same of the reference's run; None if there is no reference."""
        return self.references[0].calls if self.references else None

    @property
    def observations(self) -> dict[int, Observation]:
        """The answer's observations by check number."""
        return {observation.number: observation for report in self.reports for observation in report.observations}

    @property
    def is_correct(self) -> bool:
        """Whether every check was reached and agrees."""
        return self.ended is None and bool(self.findings) and all(f.agrees for f in self.findings.values())

    @property
    def is_near_miss(self) -> bool:
        """Whether some checks differ, and all of them by so little that rounding could be the cause."""
        missed = [finding for finding in self.findings.values() if not finding.agrees]
        return bool(missed) and all(finding.is_near_miss for finding in missed)

    def checks(self, card: Card) -> tuple[CheckVerdict, ...]:
        """Return the state of every check of `card`, in order, then of each cap of its budget."""
        report, reference = next(iter(self.reports), None), next(iter(self.references), None)
        checks = [self._check(number, check) for number, check in enumerate(card.checks)]
        return (*checks, *budget_verdicts(card, report, reference))

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
        """Return the outcome: failures of the card or the sandbox first, then how the run ended, then the checks."""
        if self.fault or any(finding.error for finding in self.findings.values()):
            return Outcome.INTERNAL
        if self.ended:
            return ENDINGS[self.ended.ending]
        if self.raised and any(check.state is CheckState.NOT_REACHED for check in checks):
            return Outcome.BLOCKED if self.raised.type in REFUSALS else Outcome.ERROR
        evaluated = [check for check in checks if check.state is not CheckState.DEFERRED]
        if not evaluated:
            return Outcome.DEFERRED
        return Outcome.PASSED if all(check.agrees for check in evaluated) else Outcome.WRONG


def build_comparison(
    check: Check,
    expected: Observation | Equals,
    got: Observation,
    given: bytes | None = None,
    after: bytes | None = None,
) -> Comparison:
    """Return the comparison of one check. `given` and `after` are encoded values for the diagnosis."""
    return Comparison(
        got=got,
        expected=expected if isinstance(expected, Observation) else None,
        equals=expected if isinstance(expected, Equals) else None,
        see=check.see,
        rtol=check.rtol,
        atol=check.atol,
        ignore=check.ignore,
        strict=check.strict,
        given=given,
        after=after,
        hidden=check.hidden,
    )


def build_prediction_comparison(check: Check, expected: Observation, typed: str) -> Comparison:
    """Return the comparison of a typed prediction with the observation that was to be predicted."""
    return replace(build_comparison(check, expected, Observation(0)), hidden=False, prediction=typed)


def _reference_fault(reference: Report) -> str | None:
    """Return why the reference itself is not usable, or None."""
    if reference.ending is not Ending.FINISHED:
        return f"the reference did not finish: {reference.ending} {reference.detail}".rstrip()
    if reference.raised and not reference.observations:
        return f"the reference raises {reference.raised.type}: {reference.raised.message}"
    return None


def build_verdict(card: Card, trials: Sequence[Trial], notes: Sequence[str] = ()) -> Verdict:
    """Return the verdict of the worst trial; `notes` are the violations of `forbid` and `require`."""
    graded = [(trial, trial.checks(card)) for trial in trials]
    trial, checks = min(graded, key=lambda pair: _rank(pair[0].outcome(card, pair[1]), pair[1]))
    outcome = trial.outcome(card, checks)
    of = sum(check.check.points for check in checks if check.state is not CheckState.DEFERRED)
    points = sum(check.points for check in checks)
    if notes and outcome in (Outcome.PASSED, Outcome.WRONG):
        outcome, points = Outcome.WRONG, 0.0
    ended = trial.ended or (trial.reports[0] if trial.reports else None)
    error, call = (trial.raised, None) if trial.raised else _error_in_check(card, trial)
    return Verdict(
        card=card.name,
        outcome=outcome,
        score=points / of if of else 0.0,
        points=points,
        of=of,
        checks=checks,
        notes=tuple(notes),
        error=error,
        call=call,
        cause=explain_error(error) if error else None,
        stdout=ended.stdout if ended else "",
        stderr=ended.stderr if ended else "",
        seconds=sum(report.seconds for report in trial.reports),
        detail=trial.fault
        or next((f.error for f in trial.findings.values() if f.error), None)
        or (ended.detail if ended else ""),
    )


def _error_in_check(card: Card, trial: Trial) -> tuple[Raised | None, str | None]:
    """Return the first exception that a check met in the learner's code where a value was expected, and its call."""
    for number, comparison in sorted(trial.comparisons.items()):
        check, raised, expected = card.checks[number], comparison.got.raised, comparison.expected
        has_value = expected is None or expected.raised is None
        if raised and raised.line is not None and has_value and not check.hidden:
            return raised, "\n".join(filter(None, (check.run.strip(), check.see.strip())))
    return None, None


WORST_FIRST = (
    Outcome.INTERNAL,
    Outcome.TIMEOUT,
    Outcome.MEMORY,
    Outcome.OUTPUT,
    Outcome.CRASHED,
    Outcome.BLOCKED,
    Outcome.ERROR,
    Outcome.WRONG,
    Outcome.UNREADABLE,
    Outcome.DEFERRED,
    Outcome.PASSED,
)
"""Order by which the trial of a verdict is chosen."""


def _rank(outcome: Outcome, checks: Sequence[CheckVerdict]) -> tuple[bool, float, int]:
    """Return a sort key, worst first: internal failures, then the fewest points, then the worse outcome."""
    return outcome is not Outcome.INTERNAL, sum(check.points for check in checks), WORST_FIRST.index(outcome)


def build_prediction_verdict(card: Card, finding: Finding, says: str | None) -> Verdict:
    """Return the verdict on a prediction; `says` is the deck's explanation of this wrong prediction, if it has one."""
    check = card.checks[0]
    passed = finding.agrees
    if finding.is_unreadable:
        return Verdict(card.name, Outcome.UNREADABLE, detail=finding.summary)
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

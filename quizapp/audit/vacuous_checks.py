"""Checks whose tolerance takes too much: zeros, or the starter's value, which only the tolerance lets pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.batch_runner import BatchRunner
from quizapp.decks.card import CardKind
from quizapp.grading.runs import run_of
from quizapp.grading.scoring import comparison
from quizapp.grading.tolerance import wants_measure
from quizapp.sandbox.protocol import Observation, Report


def vacuous_checks(answers: BatchRunner) -> list[AuditFinding]:
    """A warning for each check of a code card that agrees with what it should not, in the first trial."""
    card = answers.card
    reference = answers.reference(0, "cpu")
    if card.kind is not CardKind.CODE or reference is None or wants_measure(card):
        return []
    faults = list(_accepted(answers, reference, _zeros(answers), "zeros"))
    if card.starter:
        faults += _accepted(answers, reference, answers.submit(card.starter, 0), "the starter's value")
    return faults


def _zeros(answers: BatchRunner) -> Report:
    """The reference's values, each times nought; what cannot be multiplied raises, and agrees with nothing."""
    run = run_of(answers.card, answers.card.reference)
    answers.runs += 1
    checks = tuple(replace(check, see=f"({check.see.strip()}) * 0") for check in run.checks)
    return answers.grader.sandbox.submit(replace(run, checks=checks))


def _accepted(answers: BatchRunner, reference: Report, report: Report, what: str) -> Iterator[AuditFinding]:
    """Where `report` agrees within the tolerance and not without one."""
    expected = {seen.number: seen for seen in reference.observations if seen.value is not None}
    seen: list[Observation] = [one for one in report.observations if one.value is not None and one.number in expected]
    asked = [comparison(answers.card.checks[one.number], expected[one.number], one) for one in seen]
    loose = answers.compare(asked)
    exact = answers.compare([replace(one, rtol=0.0, atol=0.0) for one in asked])
    for one, within, without in zip(seen, loose, exact, strict=True):
        if within.agrees and not without.agrees:
            message = f"the tolerance of `{answers.card.checks[one.number].see}` accepts {what}"
            hint = "lower `rtol` and `atol`, or give it larger values to compare"
            yield AuditFinding("loose-tolerance", f"checks[{one.number}].see", message, hint, "warning")

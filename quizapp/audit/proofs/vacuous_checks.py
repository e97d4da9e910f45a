"""Checks whose tolerance is too large: zeros, or the starter's value, pass because of the tolerance only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.batch_runner import BatchRunner
from quizapp.decks.card import CardKind
from quizapp.grading.runs import build_run
from quizapp.grading.scoring import build_comparison
from quizapp.grading.tolerance import needs_measuring
from quizapp.sandbox.protocol import Observation, Report


def vacuous_checks(runner: BatchRunner) -> list[AuditFinding]:
    """Return a warning for each check of a code card that accepts a meaningless value in the first trial."""
    card = runner.card
    reference = runner.reference(0, "cpu")
    if card.kind is not CardKind.CODE or reference is None or needs_measuring(card):
        return []
    found = list(_accepted(runner, reference, _run_zeros(runner), "zeros"))
    if card.starter:
        found += _accepted(runner, reference, runner.submit(card.starter, 0), "the starter's value")
    return found


def _run_zeros(runner: BatchRunner) -> Report:
    """Run the reference with each check multiplied by 0; a value that cannot be multiplied raises."""
    run = build_run(runner.card, runner.card.reference)
    runner.runs += 1
    checks = tuple(replace(check, see=f"({check.see.strip()}) * 0") for check in run.checks)
    return runner.grader.sandbox.submit(replace(run, checks=checks))


def _accepted(runner: BatchRunner, reference: Report, report: Report, what: str) -> Iterator[AuditFinding]:
    """Yield a finding for each check where `report` agrees within the tolerance but not exactly."""
    checks = runner.card.checks
    expected = {seen.number: seen for seen in reference.observations if seen.value is not None}
    observed: list[Observation] = [
        seen for seen in report.observations if seen.value is not None and seen.number in expected
    ]
    comparisons = [build_comparison(checks[seen.number], expected[seen.number], seen) for seen in observed]
    tolerant = runner.compare(comparisons)
    exact = runner.compare([replace(asked, rtol=0.0, atol=0.0) for asked in comparisons])
    for seen, within, without in zip(observed, tolerant, exact, strict=True):
        if within.agrees and not without.agrees:
            message = f"the tolerance of `{checks[seen.number].see}` accepts {what}"
            hint = "lower `rtol` and `atol`, or compare larger values"
            yield AuditFinding("loose-tolerance", f"checks[{seen.number}].see", message, hint, "warning")

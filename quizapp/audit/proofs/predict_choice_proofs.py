"""The proofs of cards whose answer is not code: predict and choice cards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.batch_runner import BatchRunner
from quizapp.decks.card import Card
from quizapp.grading.grader import Grader
from quizapp.grading.judge_protocol import Comparison, Finding
from quizapp.grading.report_cache import PATIENCE
from quizapp.grading.scoring import build_prediction_comparison
from quizapp.sandbox.protocol import Ending, Observation, Report


def prove_choice(card: Card, grader: Grader) -> list[AuditFinding]:
    """Return findings unless `proof` runs without an exception."""
    if not card.proof:
        hint = "add `proof:` with assertions to run"
        return [AuditFinding("unproved", "choices", "nothing proves which choices are right", hint, "warning")]
    report = grader.scratch(card, card.proof, trace_lines=False)
    if report.ending is Ending.TIMEOUT:
        slow = replace(card.limits, seconds=card.limits.seconds * PATIENCE)
        report = grader.scratch(replace(card, limits=slow), card.proof, trace_lines=False)
    if report.ending is not Ending.FINISHED:
        return [
            AuditFinding("proof-fails", "proof", f"the proof ends with `{report.ending}`", "make it faster or smaller")
        ]
    if report.raised is None:
        return []
    # An exception without a line of the proof comes from the preamble or `given`.
    is_in_proof = report.raised.line is not None
    message = f"the proof fails: {report.raised.type}: {report.raised.message}".rstrip(": ")
    line = (report.raised.line or 1) - 1
    return [
        AuditFinding(
            "proof-fails", "proof" if is_in_proof else "given", message, "fix the choices or the proof", line=line
        )
    ]


def prove_predict(runner: BatchRunner) -> list[AuditFinding]:
    """Judge `accept` and `wrong` as typed text; if there is no `accept`, the printed value must pass."""
    card = runner.card
    report = runner.reference(0, card.checks[0].device)
    expected = _expected(report) if report else None
    if expected is None:
        message = "there is neither a value nor an exception to predict"
        return [AuditFinding("nothing-to-predict", "checks[0].see", message, "find out why `given` ends early")]
    typed = [*card.accept, *(wrong.code for wrong in card.wrong), ""]
    found = list(_wrongly_judged(card, _judge_typed(runner, expected, typed)))
    (rendered,) = runner.compare([Comparison(Observation(0), expected)])
    text = rendered.expected.text if rendered.expected else ""
    if not card.accept and not _judge_typed(runner, expected, [text])[0].agrees:
        hint = "add a right answer as a learner would type it under `accept`, or make `see` simpler"
        found.append(
            AuditFinding("unproved", "checks[0].see", "nothing proves that a learner can type this", hint, "warning")
        )
    return found


def _wrongly_judged(card: Card, findings: list[Finding]) -> Iterator[AuditFinding]:
    """Yield what is wrong with the findings on each `accept`, each `wrong` and an empty answer, in this order."""
    accepted, wrong, empty = findings[: len(card.accept)], findings[len(card.accept) : -1], findings[-1]
    for index, finding in enumerate(accepted):
        if not finding.agrees:
            message = f"this accepted answer does not pass: {finding.summary}"
            yield AuditFinding("accept-fails", f"accept[{index}]", message, "fix or remove it")
    for index, finding in enumerate(wrong):
        if finding.agrees:
            yield AuditFinding("wrong-passes", f"wrong[{index}].code", "this wrong answer passes", "fix or remove it")
        elif finding.is_unreadable:
            message = f"this wrong answer is asked again and never marked wrong: {finding.summary}"
            hint = "write it as a value, or remove it"
            yield AuditFinding("wrong-unreadable", f"wrong[{index}].code", message, hint, "warning")
    if empty.error:
        message = f"this cannot be predicted: {empty.error}"
        yield AuditFinding("not-plain", "checks[0].see", message, "write an expression that gives plain data")
    elif empty.agrees:
        message = "an empty answer passes"
        yield AuditFinding("blank-passes", "checks[0].see", message, "ask for something that has to be typed")


def _expected(report: Report) -> Observation | None:
    """Return what is to be predicted: the check's value, or the exception of `given`."""
    if report.observations:
        return report.observations[0]
    return Observation(0, raised=report.raised) if report.raised else None


def _judge_typed(runner: BatchRunner, expected: Observation, typed: list[str]) -> list[Finding]:
    check = runner.card.checks[0]
    return runner.compare([build_prediction_comparison(check, expected, text) for text in typed])

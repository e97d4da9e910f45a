"""The proofs of cards whose answer is no program: predictions and choices."""

from __future__ import annotations

from dataclasses import replace

from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.batch_runner import PATIENCE, BatchRunner
from quizapp.decks.card import Card
from quizapp.grading.findings import Comparison, Finding
from quizapp.grading.grader import Grader
from quizapp.sandbox.protocol import Ending, Observation, Report


def prove_choice(card: Card, grader: Grader) -> list[AuditFinding]:
    """`proof` runs without an exception."""
    if not card.proof:
        hint = "add `proof:` with assertions that a run can check"
        return [AuditFinding("unproved", "choices", "nothing proves what is right here", hint, "warning")]
    report = grader.scratch(card, card.proof)
    if report.ending is Ending.TIMEOUT:
        slow = replace(card.limits, seconds=card.limits.seconds * PATIENCE)
        report = grader.scratch(replace(card, limits=slow), card.proof)
    if report.ending is not Ending.FINISHED:
        return [
            AuditFinding("proof-fails", "proof", f"the proof ends with `{report.ending}`", "make it quicker or smaller")
        ]
    if report.raised is None:
        return []
    inside = report.raised.line is not None
    message = f"the proof does not hold: {report.raised.type}: {report.raised.message}".rstrip(": ")
    line = (report.raised.line or 1) - 1
    return [
        AuditFinding("proof-fails", "proof" if inside else "given", message, "mend the claim or its proof", line=line)
    ]


def prove_predict(answers: BatchRunner) -> list[AuditFinding]:
    """`accept` and `wrong` are read as typed text; what the value prints as should be a right answer too."""
    card = answers.card
    report = answers.reference(0, "cpu")
    expected = _expected(report) if report else None
    if expected is None:
        message = "neither a value nor an exception is there to predict"
        return [AuditFinding("nothing-to-predict", "checks[0].see", message, "see why `given` ends early")]
    typed = [*card.accept, *(wrong.code for wrong in card.wrong), ""]
    findings = _judged(answers, expected, typed)
    faults = [fault for i, fault in enumerate(_told(card, findings)) if fault]
    (plain,) = answers.compare([Comparison(Observation(0), expected)])
    text = plain.expected.text if plain.expected else ""
    if not card.accept and not _judged(answers, expected, [text])[0].agrees:
        hint = "add a right answer as a learner would type it under `accept`, or make `see` simpler"
        faults.append(
            AuditFinding("unproved", "checks[0].see", "nothing proves that this can be typed", hint, "warning")
        )
    return faults


def _told(card: Card, findings: list[Finding]) -> list[AuditFinding | None]:
    right = [
        None
        if f.agrees
        else AuditFinding("accept-fails", f"accept[{i}]", f"this does not pass: {f.summary}", "mend it")
        for i, f in enumerate(findings[: len(card.accept)])
    ]
    rest = findings[len(card.accept) : -1]
    wrong = [
        AuditFinding("wrong-passes", f"wrong[{i}].code", "this wrong answer passes", "mend or remove it")
        if f.agrees
        else None
        for i, f in enumerate(rest)
    ]
    blank = None
    if findings[-1].agrees:
        blank = AuditFinding(
            "blank-passes", "checks[0].see", "an empty answer passes", "ask for something that is typed"
        )
    if findings[-1].error:
        message = f"this cannot be predicted: {findings[-1].error}"
        blank = AuditFinding("not-plain", "checks[0].see", message, "write an expression that gives plain data")
    return [*right, *wrong, blank]


def _expected(report: Report) -> Observation | None:
    """What there is to predict: the check's value, or the exception of `given`."""
    if report.observations:
        return report.observations[0]
    return Observation(0, raised=report.raised) if report.raised else None


def _judged(answers: BatchRunner, expected: Observation, typed: list[str]) -> list[Finding]:
    check = answers.card.checks[0]
    return answers.compare(
        [
            Comparison(Observation(0), expected, check.see, check.rtol, check.atol, check.ignore, prediction=text)
            for text in typed
        ]
    )

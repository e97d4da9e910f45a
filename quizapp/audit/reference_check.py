"""What must hold of a card's reference: it runs, raises only where that is said, and gives plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.batch_runner import BatchRunner
from quizapp.decks.card import CardKind, Check
from quizapp.grading.runs import names, reads, run_of
from quizapp.grading.scoring import comparison
from quizapp.grading.verdict import Verdict
from quizapp.sandbox.protocol import Ending, Observation, Raised, Report


def reference_faults(answers: BatchRunner, trials: Sequence[int]) -> list[AuditFinding]:
    """Faults of the reference's own runs, each told once however many trials show it."""
    found: dict[AuditFinding, None] = {}
    for trial in trials:
        for device in answers.devices:
            report = answers.reference(trial, device)
            if report is not None:
                found.update(dict.fromkeys(_of_report(answers, report, device)))
        if any(fault.severity == "error" for fault in found):
            break
    return list(found)


def field_of_reference(answers: BatchRunner) -> str:
    return "given" if answers.card.kind is CardKind.PREDICT else "solution"


def _of_report(answers: BatchRunner, report: Report, device: str) -> Iterator[AuditFinding]:
    card = answers.card
    field = field_of_reference(answers)
    if report.ending is not Ending.FINISHED:
        message = f"the reference ends with `{report.ending}`: {report.detail or 'no more is known'}"
        yield AuditFinding(
            f"reference-{report.ending}", field, message, "make it quicker or smaller, or raise `limits`"
        )
        return
    if report.seconds > card.limits.seconds:
        message = f"the reference took {report.seconds:.1f} s of {card.limits.seconds:g} s here"
        hint = "make it quicker, or raise `limits`, unless this machine was busy"
        yield AuditFinding("slow", field, message, hint, "warning")
    meant = card.kind is CardKind.PREDICT or any(reads(check, "raised") for check in card.checks)
    if report.raised is not None and not meant:
        yield _raises(field, report.raised)
        return
    seen = {observation.number: observation for observation in report.observations}
    for number, check in enumerate(card.checks):
        if check.device == device:
            yield from _of_check(number, check, seen.get(number), report)


def _raises(field: str, raised: Raised) -> AuditFinding:
    where = field if raised.line is not None else "given"
    message = f"the reference raises {raised.type}: {raised.message}"
    hint = "mend it, or let a check read `raised` if that is the point"
    return AuditFinding("reference-raises", where, message, hint, line=(raised.line or 1) - 1)


def _of_check(number: int, check: Check, seen: Observation | None, report: Report) -> Iterator[AuditFinding]:
    field = f"checks[{number}].see"
    if seen is None:
        if report.raised is None:
            hint = "see what ends the run before it"
            yield AuditFinding("not-reached", field, f"the reference does not reach `{check.see}`", hint)
    elif seen.refused is not None:
        message = f"`{check.see}` gives what cannot be compared: {seen.refused}"
        yield AuditFinding("not-plain", field, message, "write an expression that gives plain data")
    elif seen.raised is None and check.raises:
        message = f"`raises` says {check.raises}, but the reference raises nothing here"
        yield AuditFinding("raises-not", f"checks[{number}].raises", message, "remove `raises`, or mend the check")
    elif seen.raised is not None:
        yield from _of_raise(number, check, seen.raised)


def _of_raise(number: int, check: Check, raised: Raised) -> Iterator[AuditFinding]:
    said = (check.raises or "").rpartition(".")[2]
    if not said:
        message = f"`{check.see}` raises {raised.type} in the reference: {raised.message}"
        hint = f"mend it, or say that it is meant: `raises: {raised.type}`"
        yield AuditFinding("raises-unsaid", f"checks[{number}].see", message, hint, "warning")
    elif said != raised.type and all(said != base.rpartition(".")[2] for base in raised.bases):
        message = f"`raises` says {check.raises}, but the reference raises {raised.type}: {raised.message}"
        yield AuditFinding("raises-not", f"checks[{number}].raises", message, f"write `raises: {raised.type}`")


def devices_agree(answers: BatchRunner) -> list[AuditFinding]:
    """On a machine with a GPU: the reference gives there what it gives on the CPU, where the card uses `device`."""
    card = answers.card
    used = names(card.preamble) | names(card.given) | names(card.solution)
    if "device" not in used and not any(reads(check, "device") for check in card.checks):
        return []
    here = answers.reference(0, "cpu")
    run = replace(run_of(card, card.reference, 0, "cpu"), device="cuda")
    answers.runs += 1
    there = answers.grader.sandbox.submit(run)
    if here is None:
        return []
    expected = {observation.number: observation for observation in here.observations}
    got = [observation for observation in there.observations if observation.number in expected]
    asked = [
        replace(
            comparison(card.checks[o.number], expected[o.number], o), ignore=card.checks[o.number].ignore | {"device"}
        )
        for o in got
    ]
    # A card may draw its numbers on the device itself, where another generator draws others.
    hint = "draw random numbers on the CPU and move them, or mark the check `device: cuda`"
    return [
        AuditFinding(
            "devices-differ", f"checks[{o.number}].see", f"CPU and CUDA differ: {finding.summary}", hint, "warning"
        )
        for o, finding in zip(got, answers.compare(asked), strict=True)
        if not finding.agrees
    ]


def why(verdict: Verdict) -> str:
    """In a few words, why an answer did not pass."""
    if verdict.error is not None:
        return f"{verdict.error.type}: {verdict.error.message}"
    for check in verdict.checks:
        if check.finding is not None and not check.agrees:
            return f"`{check.check.see}`: {check.finding.summary}"
    return "; ".join(verdict.notes) or verdict.detail or str(verdict.outcome)

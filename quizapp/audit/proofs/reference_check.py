"""The claims about a card's reference: it runs, raises only where declared, and gives plain data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.batch_runner import BatchRunner
from quizapp.audit.proofs.undefined_names import CHECK_NAMES, bound_names, unbound_hint
from quizapp.decks.card import Card, CardKind, Check
from quizapp.grading.runs import build_run, loaded_names, reads_name
from quizapp.grading.scoring import build_comparison
from quizapp.grading.verdict import Verdict
from quizapp.sandbox.protocol import Ending, Observation, Raised, Report

NAME_ERROR = re.compile(r"name '(\w+)' is not defined")


def reference_findings(runner: BatchRunner, trials: Sequence[int]) -> list[AuditFinding]:
    """Return the findings on the reference's own runs, each once even if several trials show it."""
    found: dict[AuditFinding, None] = {}
    for trial in trials:
        for device in runner.devices:
            report = runner.reference(trial, device)
            if report is not None:
                found.update(dict.fromkeys(_report_findings(runner, report, device)))
        if any(finding.severity == "error" for finding in found):
            break
    return list(found)


def field_of_reference(runner: BatchRunner) -> str:
    """Return the field that contains the reference's code."""
    return "given" if runner.card.kind is CardKind.PREDICT else "solution"


def _report_findings(runner: BatchRunner, report: Report, device: str) -> Iterator[AuditFinding]:
    card = runner.card
    field = field_of_reference(runner)
    if report.ending is not Ending.FINISHED:
        message = f"the reference ends with `{report.ending}`: {report.detail or 'no details are known'}"
        hint = "make it faster or smaller, or raise `limits`"
        yield AuditFinding(f"reference-{report.ending}", field, message, hint)
        return
    if report.seconds > card.limits.seconds:
        message = f"the reference took {report.seconds:.1f} s on this machine, its limit is {card.limits.seconds:g} s"
        hint = "make it faster, or raise `limits`, unless this machine was busy"
        yield AuditFinding("slow", field, message, hint, "warning")
    may_raise = card.kind is CardKind.PREDICT or any(reads_name(check, "raised") for check in card.checks)
    if report.raised is not None and not may_raise:
        yield _raised_finding(field, report.raised)
        return
    observed = {observation.number: observation for observation in report.observations}
    for number, check in enumerate(card.checks):
        if check.device == device:
            yield from _check_findings(card, number, observed.get(number), report)


def _raised_finding(field: str, raised: Raised) -> AuditFinding:
    # An exception without a line of the reference comes from `given`.
    source = field if raised.line is not None else "given"
    message = f"the reference raises {raised.type}: {raised.message}"
    hint = "fix it, or add a check that reads `raised` if it is intended"
    return AuditFinding("reference-raises", source, message, hint, line=(raised.line or 1) - 1)


def _check_findings(card: Card, number: int, seen: Observation | None, report: Report) -> Iterator[AuditFinding]:
    check, field = card.checks[number], f"checks[{number}].see"
    if seen is None:
        if report.raised is None:
            hint = "find out what ends the run before it"
            yield AuditFinding("not-reached", field, f"the reference does not reach `{check.see}`", hint)
    elif seen.refused is not None:
        message = f"the value of `{check.see}` cannot be compared: {seen.refused}"
        yield AuditFinding("not-plain", field, message, "write an expression that gives plain data")
    elif seen.raised is None and check.raises:
        message = f"`raises` says {check.raises}, but the reference raises nothing here"
        yield AuditFinding("raises-not", f"checks[{number}].raises", message, "remove `raises`, or fix the check")
    elif seen.raised is not None and not check.raises and report.raised is None and (name := _unbound(seen.raised)):
        hint = unbound_hint(name, CHECK_NAMES | bound_names(f"{card.preamble}\n{card.given}\n{card.solution}"))
        yield AuditFinding("undefined-name", field, f"`{name}` is never bound", hint)
    elif seen.raised is not None:
        yield from _raises_findings(number, check, seen.raised)


def _unbound(raised: Raised) -> str | None:
    """Return the name that a NameError is about; None for another exception."""
    match = NAME_ERROR.match(raised.message) if raised.type == "NameError" else None
    return match[1] if match else None


def _raises_findings(number: int, check: Check, raised: Raised) -> Iterator[AuditFinding]:
    declared = (check.raises or "").rpartition(".")[2]
    if not declared:
        message = f"`{check.see}` raises {raised.type} in the reference: {raised.message}"
        hint = f"fix it, or declare that it is intended: `raises: {raised.type}`"
        yield AuditFinding("raises-unsaid", f"checks[{number}].see", message, hint, "warning")
    elif declared != raised.type and all(declared != base.rpartition(".")[2] for base in raised.bases):
        message = f"`raises` says {check.raises}, but the reference raises {raised.type}: {raised.message}"
        yield AuditFinding("raises-not", f"checks[{number}].raises", message, f"write `raises: {raised.type}`")


def device_findings(runner: BatchRunner) -> list[AuditFinding]:
    """Compare the reference's values on the CPU and on CUDA, if the card uses `device`; needs a GPU."""
    card = runner.card
    used = loaded_names(card.preamble) | loaded_names(card.given) | loaded_names(card.solution)
    if "device" not in used and not any(reads_name(check, "device") for check in card.checks):
        return []
    on_cpu = runner.reference(0, "cpu")
    run = replace(build_run(card, card.reference, 0, "cpu"), device="cuda")
    runner.runs += 1
    on_cuda = runner.grader.sandbox.submit(run)
    if on_cpu is None:
        return []
    expected = {observation.number: observation for observation in on_cpu.observations}
    observed = [observation for observation in on_cuda.observations if observation.number in expected]
    comparisons = [
        replace(
            build_comparison(card.checks[o.number], expected[o.number], o),
            ignore=card.checks[o.number].ignore | {"device"},
        )
        for o in observed
    ]
    # A card may draw its random numbers on the device, whose generator gives other numbers.
    hint = "draw random numbers on the CPU and move them, or mark the check `device: cuda`"
    return [
        AuditFinding(
            "devices-differ", f"checks[{o.number}].see", f"CPU and CUDA differ: {finding.summary}", hint, "warning"
        )
        for o, finding in zip(observed, runner.compare(comparisons), strict=True)
        if not finding.agrees
    ]


def reason(verdict: Verdict) -> str:
    """Return in a few words why an answer did not pass."""
    if verdict.error is not None:
        return f"{verdict.error.type}: {verdict.error.message}"
    for check in verdict.checks:
        if check.finding is not None and not check.agrees:
            return f"`{check.check.see}`: {check.finding.summary}"
    return "; ".join(verdict.notes) or verdict.detail or str(verdict.outcome)

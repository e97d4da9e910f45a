"""Checks that need a GPU which this machine does not have, and what can be proved without running them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.batch_runner import BatchRunner
from quizapp.audit.proofs.undefined_names import (
    CHECK_NAMES,
    RUN_NAMES,
    binds_dynamically,
    bound_names,
    unbound_hint,
    undefined_names,
)
from quizapp.decks.card import Card, CardKind, Check
from quizapp.grading.answer_rules.qualified_names import parse_or_none
from quizapp.grading.runs import build_run, reads_name
from quizapp.sandbox.protocol import Ending, Raised

NAME_ERRORS = frozenset({"NameError", "UnboundLocalError"})
NEEDS_DEVICE = re.compile(r"cuda|gpu|nvidia|nccl|triton|accelerator|pin_memory|dummy base class|cpu|\bfor '\w+'", re.I)
"""Words in messages and code about a device that is missing, or about an operation that the CPU does not offer."""


def deferred_checks(card: Card, cuda: str | None) -> tuple[int, ...]:
    """Return the numbers of the checks that cannot run on a machine whose GPU is `cuda`."""
    return tuple(n for n, check in enumerate(card.checks) if check.device == "cuda" and cuda is None)


def deferred_findings(runner: BatchRunner) -> list[AuditFinding]:
    """Return the faults that a card with deferred checks has on every machine."""
    if runner.card.kind is CardKind.PREDICT:
        return []
    return [*([] if runner.devices else _given_findings(runner)), *undefined_name_findings(runner.card)]


def _given_findings(runner: BatchRunner) -> Iterator[AuditFinding]:
    """Run preamble and `given` on the CPU; yield a finding for an exception that does not come from the missing GPU."""
    card = runner.card
    runner.runs += 1
    # Run in place of an answer, `given` gets line numbers.
    run = replace(build_run(card, card.given), given="", checks=(), watch=())
    report = runner.grader.sandbox.submit(run)
    if report.ending is Ending.FINISHED and report.raised and not _may_need_device(card, report.raised):
        raised = report.raised
        message = f"{'the preamble' if raised.line is None else '`given`'} raises {raised.type}: {raised.message}"
        hint = "fix it; it was run on the CPU"
        yield AuditFinding("given-raises", "given", message.rstrip(": "), hint, line=(raised.line or 1) - 1)


def _may_need_device(card: Card, raised: Raised) -> bool:
    """Return whether an exception may be absent on a machine with a GPU: it, or code before it, is about devices."""
    if raised.type in NAME_ERRORS:
        return False
    executed = "" if raised.line is None else _up_to_statement(card.given, raised.line)
    return NEEDS_DEVICE.search(f"{card.preamble}\n{executed}\n{raised.message}") is not None


def _up_to_statement(source: str, line: int) -> str:
    """Return the lines of `source` up to the end of the top-level statement on `line`, counted from 1."""
    tree = parse_or_none(source) or ast.Module([], [])
    ends = [node.end_lineno or line for node in tree.body if node.lineno <= line <= (node.end_lineno or line)]
    return "\n".join(source.splitlines()[: max(ends, default=line)])


def undefined_name_findings(card: Card) -> list[AuditFinding]:
    """Return a finding for each name that the answers or the CUDA checks of a card never bind; not for predictions."""
    if _expects_name_error(card):
        return []
    if any(binds_dynamically(source) for source in (card.preamble, card.given)):
        return []
    given = RUN_NAMES | bound_names(card.preamble) | bound_names(card.given)
    found = list(_answer_findings(card, given))
    if card.solution and not binds_dynamically(card.solution):
        found += _check_findings(card, CHECK_NAMES | given | bound_names(card.solution))
    return found


def _expects_name_error(card: Card) -> bool:
    return any(reads_name(check, "raised") or check.raises in NAME_ERRORS for check in card.checks)


def _answer_findings(card: Card, given: frozenset[str]) -> Iterator[AuditFinding]:
    # Functions of an answer may read what the checks bind before they call them.
    known = given.union(*(bound_names(check.run) for check in card.checks))
    right = [("solution", card.solution)] if card.solution else []
    right += [(f"accept[{i}]", code) for i, code in enumerate(card.accept)]
    right += [(f"equivalent[{i}].code", equivalent.code) for i, equivalent in enumerate(card.equivalent)]
    for field, code in right:
        yield from _findings(field, code, known)
    for i, wrong in enumerate(card.wrong):
        # A learner's mistake may be a name that is not defined.
        for finding in _findings(f"wrong[{i}].code", wrong.code, known):
            yield replace(finding, severity="warning")


def _check_findings(card: Card, known: frozenset[str]) -> Iterator[AuditFinding]:
    """Yield a finding for each name that a CUDA check reads too early; CPU checks run in another process."""
    for number, check in enumerate(card.checks):
        if check.device == "cuda":
            yield from _findings(f"checks[{number}].run", check.run, known)
            known |= bound_names(check.run)
            yield from _findings(f"checks[{number}].see", _expression(check), known)
            known |= bound_names(_expression(check))
            if binds_dynamically(check.run) or binds_dynamically(_expression(check)):
                return


def _expression(check: Check) -> str:
    return check.see.strip()


def _findings(field: str, code: str, known: frozenset[str]) -> Iterator[AuditFinding]:
    for name, line in undefined_names(code, known):
        hint = unbound_hint(name, known | bound_names(code))
        yield AuditFinding("undefined-name", field, f"`{name}` is never bound", hint, line=line - 1)

"""The mutants that pass: which of them are mistakes, and one warning for each line of the solution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.batch_runner import BatchRunner
from quizapp.audit.solution_code import ChangedSolution

MOST_LISTED = 4
"""Number of mutants that one warning lists."""


def effective_survivors(runner: BatchRunner, passed: Sequence[ChangedSolution]) -> list[ChangedSolution]:
    """Return the mutants that passed without those that turn out to have no effect on this card."""
    controls = [mutant.control for mutant in passed if mutant.control]
    verdicts = dict(zip(controls, runner.verdicts_of_wrong(controls), strict=True))
    return [mutant for mutant in passed if not mutant.control or not verdicts[mutant.control].passed]


def survivor_findings(survivors: Sequence[ChangedSolution]) -> Iterator[AuditFinding]:
    """Yield one warning for each line of the solution with mutants that survive."""
    hint = "add a check that fails it, or put it under `equivalent` with a reason"
    for line, group in groupby(survivors, attrgetter("line")):
        mutants = list(group)
        shown = "; ".join(map(str, mutants[:MOST_LISTED]))
        if len(mutants) == 1:
            message = f"a changed solution passes, {shown}"
        else:
            more = "; …" if len(mutants) > MOST_LISTED else ""
            message = f"{len(mutants)} changed solutions pass: {shown}{more}"
        yield AuditFinding("mutant-survives", "solution", message, hint, "warning", line - 1)

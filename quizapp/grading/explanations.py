"""Which of the explanations of a wrong answer are kept: one proved cause, or those that no other check contradicts."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizapp.grading.answer_rules.qualified_names import parse_or_none
from quizapp.grading.code_changes.proved_mistake import ProvedMistake
from quizapp.grading.judge_protocol import Finding
from quizapp.grading.mistake import Mistake
from quizapp.grading.run_notes import without_guesses
from quizapp.grading.runs import loaded_names
from quizapp.grading.scoring import Trial
from quizapp.grading.verdict import CheckVerdict, Verdict

OF_ONE_CHECK = frozenset(
    [
        *(Mistake.VIEW, Mistake.COPY, Mistake.GRAPH_CUT, Mistake.GRAPH_ATTACHED, Mistake.NO_GRADIENT),
        *(Mistake.GRADIENT_LEFT, Mistake.ARGUMENT_CHANGED, Mistake.NOT_CHANGED_IN_PLACE, Mistake.NOT_CONTIGUOUS),
        *(Mistake.KIND, Mistake.DTYPE, Mistake.DEVICE, Mistake.LAYOUT, Mistake.NOTHING_RETURNED, Mistake.NOT_CALLED),
    ]
)
"""Mistakes that the expression or the types of one check prove, whatever other checks show."""


def with_proof(verdict: Verdict, proof: ProvedMistake) -> Verdict:
    """Return the verdict with one cause for all checks: other explanations are dropped, unless they say the same."""
    same = next((f.diagnosis for f in _findings(verdict) if f.mistake is proof.mistake and f.diagnosis), None)
    if same:
        proof = replace(proof, text=f"{same[0].lower()}{same[1:]}".removesuffix("."))
    checks = tuple(_with_mistake(check, proof.mistake) for check in verdict.checks)
    notes = without_guesses(verdict.notes, proof.mistake)
    return replace(verdict, checks=checks, notes=notes, proof=proof)


def without_contradictions(verdict: Verdict, answer: str, trials: Sequence[Trial]) -> Verdict:
    """Return the verdict without the diagnoses that another failed check of the same code contradicts.

    That a `return` is missing is contradicted by an answer that returns something.
    """
    bound = {name for trial in trials for report in trial.reports for name in report.bound}
    checks = tuple(
        _without_diagnosis(check)
        if _is_contradicted(number, verdict, trials, bound) or _returns_after_all(check, answer)
        else check
        for number, check in enumerate(verdict.checks)
    )
    return replace(verdict, checks=checks)


def _returns_after_all(check: CheckVerdict, answer: str) -> bool:
    """Return whether a check says that nothing is returned, though a function of the answer returns a value."""
    if check.finding is None or check.finding.mistake is not Mistake.NOTHING_RETURNED:
        return False
    tree = parse_or_none(answer)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] if tree else []
    called = [node for node in functions if node.name in _names(check)]
    return any(isinstance(node, ast.Return) and node.value for function in called for node in ast.walk(function))


def _is_contradicted(number: int, verdict: Verdict, trials: Sequence[Trial], bound: set[str]) -> bool:
    check = verdict.checks[number]
    if check.finding is None or check.finding.mistake is None or check.finding.mistake in OF_ONE_CHECK:
        return False
    own = _names(check) & bound
    others = [n for n, other in enumerate(verdict.checks) if n == number or own & _names(other)]
    findings = (trial.findings[n] for trial in trials for n in others if n in trial.findings)
    return any(_contradicts(found, check.finding.mistake) for found in findings)


def _contradicts(finding: Finding, mistake: Mistake) -> bool:
    """Return whether another failed check has values that the same mistake would explain, and does not."""
    if finding.agrees or finding.mismatch is None or finding.mistake in (mistake, *OF_ONE_CHECK):
        return False
    return finding.mismatch.aspect in ("value", "shape")


def _names(check: CheckVerdict) -> frozenset[str]:
    return loaded_names(check.check.see) | loaded_names(check.check.run)


def _findings(verdict: Verdict) -> Iterator[Finding]:
    return (check.finding for check in verdict.checks if check.finding)


def _with_mistake(check: CheckVerdict, mistake: Mistake) -> CheckVerdict:
    """Return a check that differs with the mistake that explains all of them."""
    if check.finding is None or check.finding.agrees:
        return check
    return replace(check, finding=replace(check.finding, diagnosis=None, mistake=mistake))


def _without_diagnosis(check: CheckVerdict) -> CheckVerdict:
    if check.finding is None or check.finding.diagnosis is None:
        return check
    return replace(check, finding=replace(check.finding, diagnosis=None, mistake=None))

"""Right answers that a check rejects: rewrites of the solution run as answers, and each should pass."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.batch_runner import BatchRunner
from quizapp.audit.rewrites import creation_order, draws, results, rounding
from quizapp.audit.rewrites.choice import rewrites
from quizapp.audit.solution_code import ChangedSolution, is_same_code
from quizapp.decks.card import Check
from quizapp.decks.parsing.python_syntax import ignore_warnings
from quizapp.grading.judge_protocol import Finding
from quizapp.grading.runs import loaded_names
from quizapp.grading.tolerance import needs_measuring
from quizapp.grading.verdict import CheckState, Outcome, Verdict

ABOUT_THE_CODE = frozenset(["source", "warned", "stderr", "inspect", "getsource", "signature"])
"""Names that a check reads to see how an answer is written, which a rewrite may change."""

ABOUT_IDENTITY = frozenset(["shares_memory", "id", "type", "isinstance", "repr", "str", "stdout"])
"""Names that a check reads to see more of a value than a comparison does."""

IDENTITY_ATTRIBUTES = frozenset(
    ["grad_fn", "data_ptr", "is_leaf", "_version", "untyped_storage", "storage", "is_contiguous", "stride", "__class__"]
)
MOST_TRIALS = 3
"""Trials in which a rewrite that rounds in another way is run."""

CHANGING_VALUES = rounding.KINDS | results.KINDS | {rounding.ON_A_COPY}
"""Kinds of rewrites whose result is another object, or has another type or rounding."""

SEED_AGAIN = (
    "the check draws random numbers after the answer has: draw them before it is called, or seed again after the call,"
    " in `run` (`torch.manual_seed(0)`); set parameters with `fill(module)`"
)
FILL = "set parameters with `fill(module)` in `run`, and compare them by name"
ITSELF = (
    "give the value itself as `see`, instead of something made of it; if its type is the point, say so in the question"
    " and set `strict: true`"
)
DTYPE = "`ignore: [dtype]`, or compare the number itself"
TOLERANCE = "`rtol: auto`, or a larger `rtol`"
ROUNDING = "it depends on rounding: compare the numbers before `==`, sorting or `argmax`, or use inputs without ties"
OTHERWISE = "relax the check, or, if this answer is wrong, list it under `wrong`"

REMEDIES = {draws.KIND: SEED_AGAIN, creation_order.KIND: FILL}
"""Kind of rewrite -> remedy, where the kind alone decides."""


def rejected_equivalents(runner: BatchRunner) -> list[AuditFinding]:
    """Return a warning for each check of a code card, and each remedy, that rejects a right answer."""
    listed = [answer.code for answer in runner.card.wrong]
    made = [rewrite for rewrite in rewrites(runner.card) if not any(is_same_code(rewrite.code, c) for c in listed)]
    found: dict[tuple[int, str], AuditFinding] = {}
    for rewrite, verdict in _verdicts(runner, made):
        for number, finding in _rejections(rewrite, verdict):
            remedy = _remedy(rewrite, finding)
            found.setdefault((number, remedy), _warning(number, rewrite, finding, remedy))
    return list(found.values())


def _verdicts(runner: BatchRunner, made: list[ChangedSolution]) -> Iterator[tuple[ChangedSolution, Verdict]]:
    """Yield the verdict on each rewrite in the first trial, and in a few more if only the rounding differs."""
    # Measured tolerances are those of all trials, so the first verdict contains the others.
    trials = range(1, 1 if needs_measuring(runner.card) else min(runner.card.trials, MOST_TRIALS))
    of_rounding = [rewrite for rewrite in made if rewrite.kind in rounding.KINDS and trials]
    yield from zip(made, runner.verdicts([r.code for r in made], [0], expect_pass=True), strict=True)
    more = runner.verdicts([rewrite.code for rewrite in of_rounding], trials, expect_pass=True)
    yield from zip(of_rounding, more, strict=True)


def _rejections(rewrite: ChangedSolution, verdict: Verdict) -> Iterator[tuple[int, Finding]]:
    """Yield the checks that differ; none if the rewrite is no answer: it raises, times out or breaks a rule."""
    if verdict.outcome is not Outcome.WRONG or verdict.notes:
        return
    differing = [(n, c.check, c.finding) for n, c in enumerate(verdict.checks) if c.state is CheckState.DIFFERS]
    if any(finding is None or finding.mismatch is None for _, _, finding in differing):
        return
    for number, check, finding in differing:
        if finding is not None and not _looks_closer(check, rewrite):
            yield number, finding


def _looks_closer(check: Check, rewrite: ChangedSolution) -> bool:
    """Return whether a check is meant to see what the rewrite changes."""
    read = loaded_names(check.see) | loaded_names(check.run)
    if read & ABOUT_THE_CODE:
        return True
    if rewrite.kind not in CHANGING_VALUES:
        return False
    if rewrite.kind in results.KINDS and check.strict:
        return True
    with ignore_warnings():
        trees = [ast.parse(text.strip()) for text in (check.see, check.run)]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    is_compared = any(isinstance(node, ast.Is | ast.IsNot | ast.JoinedStr) for node in nodes)
    return bool(read & ABOUT_IDENTITY or attributes & IDENTITY_ATTRIBUTES) or is_compared


def _remedy(rewrite: ChangedSolution, finding: Finding) -> str:
    if rewrite.kind in REMEDIES:
        return REMEDIES[rewrite.kind]
    if rewrite.kind in results.KINDS:
        is_dtype = finding.mismatch is not None and finding.mismatch.aspect == "dtype"
        return DTYPE if is_dtype else ITSELF
    if finding.is_near_miss:
        return TOLERANCE
    return ROUNDING if rewrite.kind in rounding.KINDS else OTHERWISE


def _warning(number: int, rewrite: ChangedSolution, finding: Finding, remedy: str) -> AuditFinding:
    message = f"a right answer would fail, line {rewrite.line}: {rewrite} ({finding.summary})"
    return AuditFinding("equivalent-rejected", f"checks[{number}].see", message, remedy, "warning")

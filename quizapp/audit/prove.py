"""The proof of one card: right answers pass, wrong answers fail, and every check fails some wrong answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.batch_runner import BatchRunner
from quizapp.audit.mutation.mutants import mutants
from quizapp.audit.proofs.deferred_checks import deferred_checks, deferred_findings
from quizapp.audit.proofs.equivalents import rejected_equivalents
from quizapp.audit.proofs.hint_findings import hint_findings
from quizapp.audit.proofs.predict_choice_proofs import prove_choice, prove_predict
from quizapp.audit.proofs.reference_check import device_findings, field_of_reference, reason, reference_findings
from quizapp.audit.proofs.vacuous_checks import vacuous_checks
from quizapp.audit.solution_code import ChangedSolution, is_same_code
from quizapp.audit.survivors import effective_survivors, survivor_findings
from quizapp.decks.card import Card, CardKind
from quizapp.grading.answer_rules.budget import cap_names
from quizapp.grading.cards.order_card import shuffle_lines
from quizapp.grading.grader import Grader
from quizapp.grading.judge_protocol import Finding
from quizapp.grading.scoring import build_comparison
from quizapp.grading.verdict import CheckState, Outcome, Verdict
from quizapp.sandbox.protocol import Observation

LOAD_DEPENDENT = frozenset({"slow", "reference-timeout"})
"""Findings that a busy machine may cause; their proofs are not cached."""

SEED_HINT = "seed the source of randomness"

SHUFFLES = 5
"""Shuffles of an order card that are tried and must fail."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is proved of each card."""

    mutants: bool = True
    seeds: int = 10
    """Seeds with which the reference must agree with itself; 0 for none."""


@dataclass(frozen=True, slots=True)
class MutantTally:
    """The numbers of mutants of some solutions."""

    made: int = 0
    killed: int = 0
    equivalent: int = 0
    """Mutants that the deck marks as correct, with a reason."""

    def __add__(self, other: MutantTally) -> MutantTally:
        return MutantTally(self.made + other.made, self.killed + other.killed, self.equivalent + other.equivalent)

    @property
    def share(self) -> float:
        """The share of mistakes that were killed; 1 if there are none."""
        mistakes = self.made - self.equivalent
        return self.killed / mistakes if mistakes else 1.0


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of the audit of one card."""

    findings: tuple[AuditFinding, ...] = ()
    tally: MutantTally = MutantTally()
    runs: int = 0
    """Runs in the sandbox; 0 for a cached proof."""

    is_cacheable: bool = True
    """Whether the sandbox did not fail and no finding depends on the load of the machine."""

    deferred: tuple[int, ...] = ()
    """Numbers of the checks that were not proved, because they need a GPU."""


@dataclass
class _Progress:
    """The findings so far, and the checks that have failed a wrong answer."""

    findings: list[AuditFinding] = field(default_factory=list)
    failed_checks: set[int] = field(default_factory=set)
    tally: MutantTally = MutantTally()
    has_internal_error: bool = False

    @property
    def has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)

    def add_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        for verdict in verdicts:
            self.has_internal_error |= verdict.outcome is Outcome.INTERNAL
            self.failed_checks |= {n for n, check in enumerate(verdict.checks) if check.state is CheckState.DIFFERS}


def prove(card: Card, grader: Grader, depth: Depth = Depth()) -> Proof:
    """Prove one card. Raises SandboxError if nothing can be run."""
    proof = _prove(card, grader, depth)
    depends_on_load = any(finding.kind in LOAD_DEPENDENT for finding in proof.findings)
    deferred = deferred_checks(card, grader.sandbox.wait(None).cuda)
    return replace(proof, is_cacheable=proof.is_cacheable and not depends_on_load, deferred=deferred)


def _prove(card: Card, grader: Grader, depth: Depth) -> Proof:
    grader.prepare(card)
    if card.kind is CardKind.CHOICE:
        return Proof(tuple(prove_choice(card, grader)), runs=1 if card.proof else 0)
    machine = grader.sandbox.wait(None)
    runner = BatchRunner(card, grader, cuda=machine.cuda is not None)
    progress = _Progress(reference_findings(runner, range(card.trials)))
    if deferred_checks(card, machine.cuda):
        progress.findings += deferred_findings(runner)
    if progress.has_errors:
        return _proof(runner, progress)
    if card.kind is CardKind.PREDICT:
        if runner.devices:
            progress.findings += [*prove_predict(runner), *_flaky(runner, depth)]
        return _proof(runner, progress)
    _prove_right(runner, progress)
    if progress.has_errors:
        return _proof(runner, progress)
    of_reference = list(progress.findings)
    _prove_wrong(runner, progress, depth)
    if _has_broken_check(of_reference, progress):
        # Wrong answers that pass, and checks that fail none, follow from the check that raises.
        progress.findings = [
            replace(finding, severity="error") if finding.kind == "raises-unsaid" else finding
            for finding in of_reference
        ]
        return _proof(runner, progress)
    if depth.mutants and card.kind is CardKind.CODE and card.solution:
        progress.findings += rejected_equivalents(runner)
    progress.findings += [*_idle(runner, progress), *vacuous_checks(runner), *_flaky(runner, depth)]
    progress.findings += hint_findings(card)
    if machine.cuda is not None:
        progress.findings += device_findings(runner)
    return _proof(runner, progress)


def _proof(runner: BatchRunner, progress: _Progress) -> Proof:
    return Proof(tuple(progress.findings), progress.tally, runner.runs, not progress.has_internal_error)


def _prove_right(runner: BatchRunner, progress: _Progress) -> None:
    """Run what must pass every trial: the solution, each `accept` and each `equivalent`."""
    card = runner.card
    right = [(field_of_reference(runner), card.solution, "reference-fails", "the reference")] if card.solution else []
    right += [(f"accept[{i}]", code, "accept-fails", "this accepted answer") for i, code in enumerate(card.accept)]
    right += [
        (f"equivalent[{i}].code", equivalent.code, "equivalent-fails", "this equivalent")
        for i, equivalent in enumerate(card.equivalent)
    ]
    verdicts = runner.verdicts([code for _, code, _, _ in right], range(card.trials), expect_pass=True)
    progress.has_internal_error |= any(verdict.outcome is Outcome.INTERNAL for verdict in verdicts)
    for (field_path, _, kind, what), verdict in zip(right, verdicts, strict=True):
        if verdict.outcome not in (Outcome.PASSED, Outcome.DEFERRED):
            line = (verdict.error.line or 1) - 1 if verdict.error else 0
            message = f"{what} does not pass: {reason(verdict)}"
            progress.findings.append(AuditFinding(kind, field_path, message, HINTS[kind], line=line))
    if not right:
        hint = "add a `solution`, or an answer under `accept`"
        message = "nothing proves that an answer can pass"
        progress.findings.append(AuditFinding("unproved", "checks[0].see", message, hint, "warning"))


HINTS = {
    "reference-fails": "make it deterministic for each seed, and obey the card's own `forbid` and `require`",
    "accept-fails": "fix it, or relax the checks that it fails",
    "equivalent-fails": "remove it: the checks distinguish it from the solution",
}
"""Code of a finding -> hint."""


def _prove_wrong(runner: BatchRunner, progress: _Progress, depth: Depth) -> None:
    """Run what must fail: the starter, each `wrong`, an empty answer and the mutants."""
    card = runner.card
    wrong = [
        (f"wrong[{i}].code", answer.code, "wrong-passes", "this wrong answer") for i, answer in enumerate(card.wrong)
    ]
    wrong.append(("checks[0].see", "", "blank-passes", "an empty answer"))
    if card.starter:
        wrong.append(("starter", card.starter, "starter-passes", "the starter"))
    if card.kind is CardKind.ORDER:
        shuffles = {"\n".join(shuffle_lines(card, str(seed))) for seed in range(SHUFFLES)}
        wrong += [("solution", order, "order-passes", "a shuffled order") for order in sorted(shuffles)]
    has_mutants = depth.mutants and card.kind is CardKind.CODE and card.solution
    made = mutants(card) if has_mutants else []
    verdicts = runner.verdicts_of_wrong([*(code for _, code, _, _ in wrong), *(mutant.code for mutant in made)])
    progress.add_verdicts(verdicts)
    # Without a GPU, the checks of a CUDA card do not run.
    if all(verdict.outcome is Outcome.DEFERRED for verdict in verdicts):
        return
    # An answer that passes the checks of the CPU may fail those that need a GPU.
    is_decided = all(check.device in runner.devices for check in card.checks)
    for (field_path, _, kind, what), verdict in zip(wrong, verdicts, strict=False):
        if verdict.passed and is_decided:
            hint = "add a check that it fails, or remove it"
            progress.findings.append(AuditFinding(kind, field_path, f"{what} passes", hint))
    tried = [pair for pair in zip(made, verdicts[len(wrong) :], strict=True) if is_decided or not pair[1].passed]
    _count_mutants(runner, tried, progress)


def _count_mutants(runner: BatchRunner, tried: Sequence[tuple[ChangedSolution, Verdict]], progress: _Progress) -> None:
    """Tally the mutants, and report those that pass unless the deck marks them as equivalent."""
    alive = effective_survivors(runner, [mutant for mutant, verdict in tried if verdict.passed])
    right = runner.card.equivalent
    marked = [mutant for mutant in alive if any(is_same_code(found.code, mutant.code) for found in right)]
    killed = sum(not verdict.passed for _, verdict in tried)
    progress.tally = MutantTally(killed + len(alive), killed, len(marked))
    progress.findings += survivor_findings([mutant for mutant in alive if mutant not in marked])


def _has_broken_check(of_reference: Sequence[AuditFinding], progress: _Progress) -> bool:
    """Return whether a check raises an undeclared exception, and either it fails no wrong answer or one passes."""
    failed = {f"checks[{number}].see" for number in progress.failed_checks}
    undeclared = [finding.field for finding in of_reference if finding.kind == "raises-unsaid"]
    return bool(undeclared) and (progress.has_errors or not failed.issuperset(undeclared))


def _idle(runner: BatchRunner, progress: _Progress) -> Iterator[AuditFinding]:
    """Yield a finding for each check that has failed no wrong answer, unless it did not run on this machine."""
    card = runner.card
    for number, check in enumerate(card.checks):
        if check.device in runner.devices and number not in progress.failed_checks:
            message = f"no wrong answer fails `{check.see}`: not the starter, no `wrong`, no changed solution"
            yield AuditFinding(
                "idle-check", f"checks[{number}].see", message, "remove it, or add a `wrong` that it fails"
            )
    # The caps of the budget come after the checks.
    for number, name in enumerate(cap_names(card), len(card.checks)):
        if runner.devices and number not in progress.failed_checks:
            hint = "remove it, or add a `wrong` that gives the right values and exceeds it"
            yield AuditFinding("idle-check", f"budget.{name}", f"no wrong answer exceeds `budget.{name}`", hint)


def _flaky(runner: BatchRunner, depth: Depth) -> list[AuditFinding]:
    """Compare the solution and each `accept` with the reference, from many seeds."""
    card = runner.card
    if not depth.seeds or not card.reference:
        return []
    seeds = range(depth.seeds)
    if card.kind is CardKind.PREDICT:
        return _flaky_prediction(runner, seeds)
    right = {"solution": card.solution, **{f"accept[{i}]": code for i, code in enumerate(card.accept)}}
    verdicts = runner.verdicts(list(right.values()), seeds, expect_pass=True)
    return [
        AuditFinding(
            "flaky", field_path, f"does not agree for each of {depth.seeds} seeds: {reason(verdict)}", SEED_HINT
        )
        for field_path, verdict in zip(right, verdicts, strict=True)
        if verdict.outcome not in (Outcome.PASSED, Outcome.DEFERRED)
    ]


def _flaky_prediction(runner: BatchRunner, seeds: range) -> list[AuditFinding]:
    """Compare the predicted value of several runs, all from the card's first seed."""
    card = runner.card
    first = runner.reference(0, card.checks[0].device)
    if first is None or not first.observations:
        return []
    expected = first.observations[0]
    missed = _missed_repetitions(runner, expected, len(seeds))
    if missed and all(finding is not None and finding.is_near_miss for finding in missed):
        missed = _missed_repetitions(runner, expected, len(missed))
    if not missed:
        return []
    message = f"`{card.checks[0].see}` does not give the same value in each of {len(seeds)} runs"
    return [AuditFinding("flaky", "checks[0].see", message, SEED_HINT)]


def _missed_repetitions(runner: BatchRunner, expected: Observation, count: int) -> list[Finding | None]:
    """Run the predicted code `count` times; return the findings that do not agree, None for a run without a value."""
    device = runner.card.checks[0].device
    reports = [runner.submit(runner.card.reference, 0, device, expect_pass=True) for _ in range(count)]
    observations = [observation for report in reports for observation in report.observations]
    comparisons = [build_comparison(runner.card.checks[0], expected, observation) for observation in observations]
    missed: list[Finding | None] = [finding for finding in runner.compare(comparisons) if not finding.agrees]
    return missed + [None] * (count - len(observations))

"""The proof of one card: what is right passes, what is wrong fails, and no check is there for nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.batch_runner import BatchRunner
from quizapp.audit.hint_findings import hint_faults
from quizapp.audit.mutants import Mutant, mutants, same_code
from quizapp.audit.predict_choice_proofs import prove_choice, prove_predict
from quizapp.audit.reference_check import devices_agree, field_of_reference, reference_faults, why
from quizapp.audit.vacuous_checks import vacuous_checks
from quizapp.decks.card import Card, CardKind
from quizapp.grading.cards.order_card import shuffled
from quizapp.grading.grader import Grader
from quizapp.grading.scoring import comparison
from quizapp.grading.verdict import CheckState, Outcome, Verdict

OF_THE_MOMENT = frozenset({"slow", "reference-timeout"})
"""Faults that a busy machine may have made; the next check looks again."""

SHUFFLES = 5
"""Opening orders of an order card that must not be right already."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is proved of each card."""

    mutants: bool = True
    seeds: int = 10
    """From how many seeds the reference must agree with itself, where the card's own trials are fewer; 0: none."""


@dataclass(frozen=True, slots=True)
class MutantTally:
    """How the mutants of some solutions fared."""

    made: int = 0
    killed: int = 0
    equivalent: int = 0
    """Marked in the deck as no mistakes, with a reason."""

    def __add__(self, other: MutantTally) -> MutantTally:
        return MutantTally(self.made + other.made, self.killed + other.killed, self.equivalent + other.equivalent)

    @property
    def share(self) -> float:
        """Of those that are mistakes, how many were killed; 1 where there are none."""
        mistakes = self.made - self.equivalent
        return self.killed / mistakes if mistakes else 1.0


@dataclass(frozen=True, slots=True)
class Proof:
    """What the audit of one card gave."""

    faults: tuple[AuditFinding, ...] = ()
    tally: MutantTally = MutantTally()
    runs: int = 0
    settled: bool = True
    """The sandbox itself did not fail, so the proof may be kept."""


@dataclass
class _Found:
    """Faults so far, and what the checks have failed on."""

    faults: list[AuditFinding] = field(default_factory=list)
    failed_checks: set[int] = field(default_factory=set)
    tally: MutantTally = MutantTally()
    settled: bool = True

    def note(self, verdicts: Sequence[Verdict]) -> None:
        for verdict in verdicts:
            self.settled = self.settled and verdict.outcome is not Outcome.INTERNAL
            self.failed_checks |= {n for n, check in enumerate(verdict.checks) if check.state is CheckState.DIFFERS}


def prove(card: Card, grader: Grader, depth: Depth = Depth()) -> Proof:
    """Everything that is not so about one card. Raises SandboxError where nothing can be run."""
    proof = _prove(card, grader, depth)
    timely = not any(fault.kind in OF_THE_MOMENT for fault in proof.faults)
    return replace(proof, settled=proof.settled and timely)


def _prove(card: Card, grader: Grader, depth: Depth) -> Proof:
    grader.prepare(card)
    if card.kind is CardKind.CHOICE:
        return Proof(tuple(prove_choice(card, grader)), runs=1 if card.proof else 0)
    machine = grader.sandbox.wait(None)
    answers = BatchRunner(card, grader, cuda=machine.cuda is not None)
    faults = reference_faults(answers, range(card.trials))
    if any(fault.severity == "error" for fault in faults):
        return Proof(tuple(faults), MutantTally(), answers.runs)
    if card.kind is CardKind.PREDICT:
        faults += prove_predict(answers) + _flaky(answers, depth)
        return Proof(tuple(faults), MutantTally(), answers.runs)
    found = _Found(faults)
    found.faults += _right(answers, found)
    if any(fault.severity == "error" for fault in found.faults):
        return Proof(tuple(found.faults), MutantTally(), answers.runs, found.settled)
    _wrong(answers, found, depth)
    found.faults += [*_idle(answers, found), *vacuous_checks(answers), *_flaky(answers, depth), *hint_faults(card)]
    if machine.cuda is not None:
        found.faults += devices_agree(answers)
    return Proof(tuple(found.faults), found.tally, answers.runs, found.settled)


def _right(answers: BatchRunner, found: _Found) -> list[AuditFinding]:
    """The solution, each `accept` and each `equivalent` pass on every trial."""
    card = answers.card
    right = [(field_of_reference(answers), card.solution, "reference-fails", "the reference")] if card.solution else []
    right += [(f"accept[{i}]", code, "accept-fails", "this accepted answer") for i, code in enumerate(card.accept)]
    right += [
        (f"equivalent[{i}].code", one.code, "equivalent-fails", "this equivalent")
        for i, one in enumerate(card.equivalent)
    ]
    verdicts = answers.verdicts([code for _, code, _, _ in right], range(card.trials), right=True)
    found.settled = found.settled and all(v.outcome is not Outcome.INTERNAL for v in verdicts)
    faults = []
    for (where, _, kind, what), verdict in zip(right, verdicts, strict=True):
        if verdict.outcome not in (Outcome.PASSED, Outcome.DEFERRED):
            line = (verdict.error.line or 1) - 1 if verdict.error else 0
            faults.append(AuditFinding(kind, where, f"{what} does not pass: {why(verdict)}", _way_out(kind), line=line))
    if not right:
        hint = "add a `solution`, or an answer under `accept`"
        faults.append(
            AuditFinding("unproved", "checks[0].see", "nothing proves that an answer can pass", hint, "warning")
        )
    return faults


def _way_out(kind: str) -> str:
    if kind == "reference-fails":
        return "make it give the same in every run from the same seed, and keep to its own `forbid` and `require`"
    if kind == "equivalent-fails":
        return "remove it: the checks tell it from the solution"
    return "mend it, or widen the checks that it fails"


def _wrong(answers: BatchRunner, found: _Found, depth: Depth) -> None:
    """The starter, each `wrong`, nothing at all, and the mutants fail."""
    card = answers.card
    wrong = [(f"wrong[{i}].code", one.code, "wrong-passes", "this wrong answer") for i, one in enumerate(card.wrong)]
    wrong.append(("checks[0].see", "", "blank-passes", "an answer of nothing at all"))
    if card.starter:
        wrong.append(("starter", card.starter, "starter-passes", "the starter"))
    if card.kind is CardKind.ORDER:
        shuffles = {"\n".join(shuffled(card, str(seed))) for seed in range(SHUFFLES)}
        wrong += [("solution", order, "order-passes", "a shuffled order") for order in sorted(shuffles)]
    made = _mistakes(card) if depth.mutants else []
    verdicts = answers.failing([*(code for _, code, _, _ in wrong), *(mutant.code for mutant in made)])
    found.note(verdicts)
    if all(verdict.outcome is Outcome.DEFERRED for verdict in verdicts):
        return
    for (where, _, kind, what), verdict in zip(wrong, verdicts, strict=False):
        if verdict.passed:
            found.faults.append(AuditFinding(kind, where, f"{what} passes", "add a check that it fails, or remove it"))
    found.tally = MutantTally(len(made), len(made), 0)
    _survivors(card, made, verdicts[len(wrong) :], found)


def _mistakes(card: Card) -> list[Mutant]:
    return mutants(card) if card.kind is CardKind.CODE and card.solution else []


def _survivors(card: Card, made: Sequence[Mutant], verdicts: Sequence[Verdict], found: _Found) -> None:
    """Mutants that passed: those that the deck calls equivalent, and those that no check sees."""
    alive = [mutant for mutant, verdict in zip(made, verdicts, strict=True) if verdict.passed]
    marked = [mutant for mutant in alive if any(same_code(one.code, mutant.code) for one in card.equivalent)]
    found.tally = MutantTally(len(made), len(made) - len(alive), len(marked))
    for mutant in alive:
        if mutant not in marked:
            hint = "add a check that sees it, or put it under `equivalent` with a reason"
            message = f"a changed solution passes, {mutant}"
            found.faults.append(AuditFinding("mutant-survives", "solution", message, hint, "warning", mutant.line - 1))


def _idle(answers: BatchRunner, found: _Found) -> Iterator[AuditFinding]:
    """Checks that nothing wrong has ever failed; those that did not run here are left alone."""
    card = answers.card
    for number, check in enumerate(card.checks):
        if check.device in answers.devices and number not in found.failed_checks:
            message = f"nothing wrong ever fails `{check.see}`: not the starter, no `wrong`, no changed solution"
            yield AuditFinding(
                "idle-check", f"checks[{number}].see", message, "remove it, or add a `wrong` that it catches"
            )


def _flaky(answers: BatchRunner, depth: Depth) -> list[AuditFinding]:
    """The reference beside itself, and what is accepted beside the reference, from many seeds."""
    card = answers.card
    if not depth.seeds or not card.reference:
        return []
    seeds = range(depth.seeds)
    if card.kind is CardKind.PREDICT:
        return _flaky_prediction(answers, seeds)
    right = {"solution": card.solution, **{f"accept[{i}]": code for i, code in enumerate(card.accept)}}
    verdicts = answers.verdicts(list(right.values()), seeds, right=True)
    return [
        AuditFinding(
            "flaky", where, f"does not agree from each of {depth.seeds} seeds: {why(verdict)}", "seed what is random"
        )
        for where, verdict in zip(right, verdicts, strict=True)
        if verdict.outcome not in (Outcome.PASSED, Outcome.DEFERRED)
    ]


def _flaky_prediction(answers: BatchRunner, seeds: range) -> list[AuditFinding]:
    """What is predicted must be the same in every run; the card is always run from its own first seed."""
    card = answers.card
    first = answers.reference(0, "cpu")
    again = [answers.submit(card.reference, 0, right=True) for _ in seeds]
    if first is None or not first.observations:
        return []
    asked = [comparison(card.checks[0], first.observations[0], o) for report in again for o in report.observations]
    if len(asked) == len(again) and all(finding.agrees for finding in answers.compare(asked)):
        return []
    message = f"`{card.checks[0].see}` does not give the same in each of {len(again)} runs"
    return [AuditFinding("flaky", "checks[0].see", message, "seed what is random")]

"""Runs many answers to one card and has them judged together: the grader's steps, one question to the judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from quizapp.decks.card import Card, CardKind
from quizapp.grading.cards.order_card import foreign
from quizapp.grading.code_rules import violations
from quizapp.grading.findings import Comparison, Finding
from quizapp.grading.grader import Grader
from quizapp.grading.runs import run_of
from quizapp.grading.scoring import Trial, verdict_of
from quizapp.grading.tolerance import wants_measure
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.sandbox.protocol import Ending, Report, Run

MOST_AT_ONCE = 256
"""Comparisons in one question to the judge."""


PATIENCE = 4
"""How many times its limit a right answer may take on a machine that is busy proving others beside it."""


def patient(run: Run) -> Run:
    """`run` with more time."""
    return replace(run, limits=replace(run.limits, seconds=run.limits.seconds * PATIENCE))


class BatchRunner:
    """Answers to one card, each run in a worker of its own beside the reference's remembered run."""

    def __init__(self, card: Card, grader: Grader, cuda: bool) -> None:
        self.card = card
        self.grader = grader
        self.devices = [
            device
            for device in ("cpu", "cuda")
            if any(check.device == device for check in card.checks) and (device == "cpu" or cuda)
        ]
        self.runs = 0
        self._referred: set[Run] = set()

    def reference(self, trial: int, device: str) -> Report | None:
        """The reference's run; None for a card whose checks all write out what they equal."""
        if not self.card.reference:
            return None
        run = run_of(self.card, self.card.reference, trial, device)
        report = self.grader.report(run)
        self.runs += run not in self._referred
        self._referred.add(run)
        return report if report.ending is not Ending.TIMEOUT else self.grader.report(patient(run))

    def submit(self, code: str, trial: int, device: str = "cpu", *, right: bool = False) -> Report:
        """One run of `code`; what is thought `right` and times out has another try, with more time."""
        self.runs += 1
        run = run_of(self.card, code, trial, device)
        report = self.grader.sandbox.submit(run)
        return report if report.ending is not Ending.TIMEOUT or not right else self.grader.sandbox.submit(patient(run))

    def verdicts(self, answers: Sequence[str], trials: Sequence[int], *, right: bool = False) -> list[Verdict]:
        """What each answer earns over `trials`, in order; `right` says that they are thought to pass."""
        if wants_measure(self.card):
            # Tolerances that are measured belong to the grader, which measures over the card's own trials.
            return [self.grader.grade(self.card, answer) for answer in answers]
        runs = {answer: self._trials(answer, trials, right) for answer in dict.fromkeys(answers)}
        asked = [c for tried in runs.values() for trial in tried for c in trial.comparisons.values()]
        findings = iter(self.compare(asked))
        verdicts = {}
        for answer, tried in runs.items():
            judged = [replace(trial, findings={n: next(findings) for n in trial.comparisons}) for trial in tried]
            verdicts[answer] = self._verdict(answer, judged)
        return [verdicts[answer] for answer in answers]

    def failing(self, answers: Sequence[str]) -> list[Verdict]:
        """What answers that should fail earn: further trials are run only while an answer passes."""
        verdicts = self.verdicts(answers, [0])
        rest = range(1, self.card.trials)
        passed = [index for index, verdict in enumerate(verdicts) if verdict.passed]
        if rest and passed and not wants_measure(self.card):
            again = self.verdicts([answers[index] for index in passed], rest)
            for index, verdict in zip(passed, again, strict=True):
                verdicts[index] = verdict
        return verdicts

    def compare(self, asked: Sequence[Comparison]) -> list[Finding]:
        """The judge's findings, asked for in portions."""
        portions = (asked[start : start + MOST_AT_ONCE] for start in range(0, len(asked), MOST_AT_ONCE))
        return [finding for portion in portions for finding in self.grader.compare(portion)]

    def _trials(self, answer: str, trials: Iterable[int], right: bool) -> list[Trial]:
        if self.card.kind is CardKind.ORDER and foreign(self.card, answer):
            return []
        tried = []
        for number in trials:
            trial = Trial(number)
            for device in self.devices:
                report = self.submit(answer, number, device, right=right)
                trial = trial.add(self.card, device, self.reference(number, device), report)
            tried.append(trial)
            if trial.ended is not None and trial.ended.ending is not Ending.FINISHED:
                break
        # An audit shows no learner anything.
        return [replace(trial, comparisons={n: _unshown(c) for n, c in trial.comparisons.items()}) for trial in tried]

    def _verdict(self, answer: str, judged: Sequence[Trial]) -> Verdict:
        if not judged:
            return Verdict(self.card.name, Outcome.WRONG, notes=("a line is none of the card's",))
        first = judged[0]
        broken = violations(self.card, answer, first.operators, first.reference_operators)
        return verdict_of(self.card, judged, broken)


def _unshown(comparison: Comparison) -> Comparison:
    """The same question, where only the verdict counts."""
    return replace(comparison, given=None, after=None, shown=False)

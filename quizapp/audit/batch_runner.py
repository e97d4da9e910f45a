"""Grades many answers to one card with few requests to the judge, by the same steps as the grader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from quizapp.decks.card import Card, CardKind
from quizapp.grading.answer_rules.budget import answer_caps
from quizapp.grading.answer_rules.code_rules import find_violations
from quizapp.grading.cards.order_card import find_foreign_line
from quizapp.grading.grader import Grader
from quizapp.grading.judge_protocol import Comparison, Finding
from quizapp.grading.report_cache import submit_with_patience
from quizapp.grading.runs import build_run, reference_run
from quizapp.grading.scoring import Trial, build_verdict
from quizapp.grading.tolerance import needs_measuring
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.sandbox.protocol import Ending, Report, Run

BATCH_SIZE = 256
"""Comparisons in one request to the judge."""


class BatchRunner:
    """A batch of answers to one card; each runs in a fresh worker, and the reference's runs are cached."""

    def __init__(self, card: Card, grader: Grader, cuda: bool) -> None:
        self.card = card
        self.grader = grader
        self.devices = [
            device
            for device in ("cpu", "cuda")
            if any(check.device == device for check in card.checks) and (device == "cpu" or cuda)
        ]
        self.runs = 0
        """Runs in the sandbox so far."""

        self._reference_runs: set[Run] = set()

    def reference(self, trial: int, device: str) -> Report | None:
        """Return the reference's run, or None if the card has no reference because all checks have `equals`."""
        if not self.card.reference:
            return None
        run = reference_run(self.card, trial, device)
        self.runs += run not in self._reference_runs
        self._reference_runs.add(run)
        return self.grader.reference(run, read_disk=False)

    def submit(self, code: str, trial: int, device: str = "cpu", *, expect_pass: bool = False) -> Report:
        """Run `code` once; with `expect_pass`, run it again with more time if it times out."""
        self.runs += 1
        caps = answer_caps(self.card, self.reference(trial, device)) if self.card.budget else None
        run = build_run(self.card, code, trial, device, usage=caps)
        submit = self.grader.sandbox.submit
        return submit_with_patience(submit, run) if expect_pass else submit(run)

    def verdicts(self, answers: Sequence[str], trials: Sequence[int], *, expect_pass: bool = False) -> list[Verdict]:
        """Return the verdict on each answer over `trials`, in order."""
        if needs_measuring(self.card):
            # Only the grader measures tolerances, over the card's own trials.
            return [self.grader.grade(self.card, answer, explain=False) for answer in answers]
        trials_of = {answer: self._trials(answer, trials, expect_pass) for answer in dict.fromkeys(answers)}
        comparisons = [c for run in trials_of.values() for trial in run for c in trial.comparisons.values()]
        findings = iter(self.compare(comparisons))
        verdicts = {}
        for answer, run in trials_of.items():
            judged = [replace(trial, findings={n: next(findings) for n in trial.comparisons}) for trial in run]
            if expect_pass:
                judged = [self.grader.confirm(self.card, answer, t, cuda="cuda" in self.devices) for t in judged]
            verdicts[answer] = self._verdict(answer, judged)
        return [verdicts[answer] for answer in answers]

    def verdicts_of_wrong(self, answers: Sequence[str]) -> list[Verdict]:
        """Return the verdicts on answers that should fail: further trials run only for those that pass the first."""
        verdicts = self.verdicts(answers, [0])
        further_trials = range(1, self.card.trials)
        passed = [index for index, verdict in enumerate(verdicts) if verdict.passed]
        if further_trials and passed and not needs_measuring(self.card):
            further_verdicts = self.verdicts([answers[index] for index in passed], further_trials)
            for index, verdict in zip(passed, further_verdicts, strict=True):
                verdicts[index] = verdict
        return verdicts

    def compare(self, comparisons: Sequence[Comparison]) -> list[Finding]:
        """Return the judge's findings, requested in batches."""
        starts = range(0, len(comparisons), BATCH_SIZE)
        batches = (comparisons[start : start + BATCH_SIZE] for start in starts)
        return [finding for batch in batches for finding in self.grader.compare(batch)]

    def _trials(self, answer: str, numbers: Iterable[int], expect_pass: bool) -> list[Trial]:
        if self.card.kind is CardKind.ORDER and find_foreign_line(self.card, answer):
            return []
        trials = []
        for number in numbers:
            trial = Trial(number)
            for device in self.devices:
                report = self.submit(answer, number, device, expect_pass=expect_pass)
                trial = trial.add(self.card, device, self.reference(number, device), report)
            trials.append(trial)
            if trial.ended is not None and trial.ended.ending is not Ending.FINISHED:
                break
        # An audit shows no verdict to a learner, so no diagnosis is needed.
        return [replace(trial, comparisons={n: _unshown(c) for n, c in trial.comparisons.items()}) for trial in trials]

    def _verdict(self, answer: str, judged: Sequence[Trial]) -> Verdict:
        if not judged:
            return Verdict(self.card.name, Outcome.WRONG, notes=("a line is not one of the card's",))
        first = judged[0]
        broken = find_violations(self.card, answer, first.calls, first.reference_calls)
        return build_verdict(self.card, judged, broken)


def _unshown(comparison: Comparison) -> Comparison:
    """Return the comparison without the data for a diagnosis."""
    return replace(comparison, given=None, after=None, shown=False)

"""Card + answer -> verdict: the one path that every front end calls.

The reference and the answer run in workers of their own, and a third process compares what they observed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from quizapp.decks.card import Card, CardKind
from quizapp.errors import SandboxError, UntrustedError
from quizapp.grading.cards.choice_card import grade_choice
from quizapp.grading.cards.order_card import foreign
from quizapp.grading.cards.prediction import parse
from quizapp.grading.code_rules import violations
from quizapp.grading.findings import AGREES, Comparison, Finding, Side, identical, pack, unpack_findings
from quizapp.grading.run_notes import run_notes
from quizapp.grading.runs import run_of
from quizapp.grading.scoring import Trial, comparison, prediction_verdict, verdict_of
from quizapp.grading.tolerance import precise_run, questions, tolerances, wants_measure
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.sandbox.protocol import Ending, Machine, Observation, Raised, Report, Run

JUDGE = "quizapp.grading.judge.judge"
"""The module that the judge process loads; a name, because the app itself must not import torch."""

REMEMBERED = 1024
"""Reports of references and known wrong answers that are kept."""


class Runner(Protocol):
    """What the grader needs of a sandbox."""

    def wait(self, timeout: float | None = None) -> Machine: ...
    def submit(self, run: Run) -> Report: ...
    def judge(self, request: bytes) -> bytes: ...
    def cancel(self) -> None: ...


class Grader:
    """Grades answers in one sandbox; safe to call from several threads."""

    def __init__(self, sandbox: Runner, trust: bool = False) -> None:
        self.sandbox = sandbox
        self.trust = trust
        self._reports: OrderedDict[Run, Report] = OrderedDict()
        self._tolerances: dict[Run, Mapping[int, float]] = {}

    def grade(self, card: Card, answer: str) -> Verdict:
        """What `answer` earns on `card`. Raises SandboxError where nothing can be run at all."""
        if card.kind is CardKind.CHOICE:
            return grade_choice(card, answer)
        if card.kind is CardKind.ORDER and (line := foreign(card, answer)):
            return Verdict(card.name, Outcome.WRONG, notes=(f"This line is not one of the card's: `{line.strip()}`",))
        machine = self._machine(card)
        try:
            if card.kind is CardKind.PREDICT:
                verdict = self._grade_prediction(card, answer)
            else:
                verdict = self._grade_code(card, answer, cuda=machine.cuda is not None)
        except SandboxError as error:
            verdict = Verdict(card.name, Outcome.INTERNAL, detail=error.message)
        return replace(verdict, tier=machine.tier)

    def prepare(self, card: Card) -> None:
        """Run the reference before the answer comes, so that the learner need not wait for it."""
        if card.kind is not CardKind.CHOICE:
            self._machine(card)
            for trial in range(card.trials):
                self.report(run_of(card, card.reference, trial))

    def scratch(self, card: Card, answer: str) -> Report:
        """Run `answer` after preamble and given, with no checks and no verdict."""
        self._machine(card)
        return self.sandbox.submit(replace(run_of(card, answer), checks=()))

    def effort(self, card: Card, answer: str) -> tuple[int, int]:
        """Torch operators that the answer and the reference call, checks included."""
        mine, reference = (
            sum(count for name, count in report.operators.items() if name.startswith("aten::"))
            for report in (self.report(run_of(card, code, trace=True)) for code in (answer, card.reference))
        )
        return mine, reference

    def truth(self, card: Card) -> Side | None:
        """What a predict card's expression gives, for a learner who has given up; None where it did not run."""
        expected = self._predicted(card)
        return self.compare([Comparison(Observation(0), expected)])[0].expected if expected else None

    def cancel(self) -> None:
        """End whatever is being run."""
        self.sandbox.cancel()

    def report(self, run: Run) -> Report:
        """Run code that always gives the same: a reference, a known wrong answer. Remembered."""
        report = self._reports.get(run)
        if report is None:
            report = self.sandbox.submit(run)
            if report.ending is Ending.FINISHED:
                self._reports[run] = report
                while len(self._reports) > REMEMBERED:
                    self._reports.popitem(last=False)
        return report

    def compare(self, comparisons: Sequence[Comparison]) -> list[Finding]:
        """Ask the judge; an empty list asks nobody."""
        return unpack_findings(self.sandbox.judge(pack(comparisons))) if comparisons else []

    def _machine(self, card: Card) -> Machine:
        machine = self.sandbox.wait(None)
        if machine.tier != "full" and not (card.trusted or self.trust):
            raise UntrustedError(
                f"{card.name} is somebody else's code, and the sandbox is only `{machine.tier}` here",
                "read the deck, then pass --trust; `ptquiz doctor` says what is missing",
            )
        return machine

    def _grade_code(self, card: Card, answer: str, *, cuda: bool) -> Verdict:
        trials: list[Trial] = []
        for number in range(card.trials):
            trial = self._trial(card, answer, number, cuda=cuda)
            trials.append(trial)
            if trial.ended is not None:
                break
        judged = self._judged(trials)
        first = judged[0]
        ruled = card.forbid or card.require
        broken = violations(card, answer, first.operators, first.reference_operators) if ruled else []
        verdict = verdict_of(card, judged, broken)
        if verdict.outcome in (Outcome.WRONG, Outcome.ERROR):
            notes = verdict.notes + tuple(self._hindsight(card, answer, judged))
            verdict = replace(verdict, says=self._recognise(card, judged), notes=notes)
        return verdict

    def _judged(self, trials: Sequence[Trial]) -> list[Trial]:
        """The trials with their findings; the judge is asked about what is not the same to the last byte."""
        open_ = [c for trial in trials for c in trial.comparisons.values() if not identical(c)]
        found = iter(self.compare(open_))
        return [
            replace(trial, findings={n: AGREES if identical(c) else next(found) for n, c in trial.comparisons.items()})
            for trial in trials
        ]

    def _hindsight(self, card: Card, answer: str, trials: Sequence[Trial]) -> list[str]:
        again = self.sandbox.submit(run_of(card, answer, trials[0].number)) if trials[0].observations else None
        return run_notes(card, answer, trials, again)

    def _trial(self, card: Card, answer: str, number: int, *, cuda: bool) -> Trial:
        devices = [d for d in ("cpu", "cuda") if any(c.device == d for c in card.checks) and (d == "cpu" or cuda)]
        trial = Trial(number)
        for device in devices:
            reference = self.report(run_of(card, card.reference, number, device)) if card.reference else None
            report = self.sandbox.submit(run_of(card, answer, number, device))
            measured = self._measured(card, number, device, reference) if reference else None
            trial = trial.add(card, device, reference, report, measured)
        return trial

    def _measured(self, card: Card, number: int, device: str, reference: Report) -> Mapping[int, float]:
        """Tolerances of the checks that ask for `rtol: auto`."""
        if not wants_measure(card):
            return {}
        run = precise_run(card, number, device)
        if run not in self._tolerances:
            asked = questions(card, reference, self.report(run))
            self._tolerances[run] = tolerances(tuple(asked), self.compare(tuple(asked.values())))
        return self._tolerances[run]

    def _grade_prediction(self, card: Card, answer: str) -> Verdict:
        expected = self._predicted(card)
        if expected is None:
            detail = self.report(run_of(card, card.reference)).detail
            return Verdict(card.name, Outcome.INTERNAL, detail=f"the card's own code did not run: {detail}")
        check = card.checks[0]
        (finding,) = self.compare(
            [Comparison(Observation(0), expected, check.see, check.rtol, check.atol, check.ignore, prediction=answer)]
        )
        readings = parse(answer).readings
        known = (w.says for w in card.wrong if w.says and parse(w.code).typed in readings)
        return prediction_verdict(card, finding, None if finding.agrees else next(known, None))

    def _predicted(self, card: Card) -> Observation | None:
        """What is to be predicted; `given` itself may raise, and then that is it."""
        report = self.report(run_of(card, card.reference))
        seen = next(iter(report.observations), None)
        if report.ending is not Ending.FINISHED or (seen is None and report.raised is None):
            return None
        return seen or Observation(0, raised=report.raised)

    def _recognise(self, card: Card, trials: Sequence[Trial]) -> str | None:
        """`says` of the known wrong answer that gives what this one gave, in every trial."""
        for wrong in card.wrong:
            if wrong.says and self._same(card, wrong.code, trials):
                return wrong.says
        return None

    def _same(self, card: Card, code: str, trials: Sequence[Trial]) -> bool:
        """Whether `code` observes in each trial what the answer observed, and raises what it raised."""
        asked: list[Comparison] = []
        for trial in trials:
            known = [self.report(run_of(card, code, trial.number, device)) for device in sorted(trial.devices)]
            seen = {observation.number: observation for report in known for observation in report.observations}
            got = trial.observations
            if seen.keys() != got.keys():
                return False
            errors = [report.raised for report in known] + [seen[number].raised for number in got]
            raised = [report.raised for report in trial.reports] + [one.raised for one in got.values()]
            if not _same_errors(errors, raised):
                return False
            asked += [comparison(card.checks[number], seen[number], got[number]) for number in got]
        return all(finding.agrees for finding in self.compare(asked))


def _same_errors(known: Sequence[Raised | None], got: Sequence[Raised | None]) -> bool:
    return [raised and (raised.type, raised.message) for raised in known] == [
        raised and (raised.type, raised.message) for raised in got
    ]

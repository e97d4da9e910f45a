"""Card + answer -> verdict, for every front end.

The reference and the answer run in separate workers, and a third process, the judge, compares their observations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from quizapp.decks.card import Card, CardKind
from quizapp.error_log import ErrorLog
from quizapp.errors import PtquizError, SandboxCrashed, SandboxError, UntrustedError
from quizapp.grading.answer_rules.budget import COUNT_ALL, answer_caps
from quizapp.grading.answer_rules.code_rules import find_violations
from quizapp.grading.cards.choice_card import grade_choice
from quizapp.grading.cards.order_card import find_foreign_line
from quizapp.grading.cards.prediction import parse
from quizapp.grading.code_changes.changed_programs import ChangeSearch
from quizapp.grading.code_changes.proof_search import find_proof
from quizapp.grading.explanations import with_proof, without_contradictions
from quizapp.grading.judge_module import JUDGE as JUDGE
from quizapp.grading.judge_protocol import (
    AGREES,
    Comparison,
    Finding,
    Side,
    is_identical,
)
from quizapp.grading.judge_requests import request_findings
from quizapp.grading.known_mistakes import recognise
from quizapp.grading.line_values import find_line_values, without_checks
from quizapp.grading.live_checks import find_check_states
from quizapp.grading.mistake import Mistake
from quizapp.grading.pasted_answers import clean_pasted_answer
from quizapp.grading.report_cache import ReportCache
from quizapp.grading.run_notes import find_run_notes
from quizapp.grading.runs import build_run, reference_run, scratch_run
from quizapp.grading.scoring import (
    Trial,
    build_prediction_comparison,
    build_prediction_verdict,
    build_verdict,
)
from quizapp.grading.tolerance import measured_tolerances, needs_measuring, precise_run, precision_comparisons
from quizapp.grading.verdict import CheckState, Outcome, Verdict
from quizapp.grading.warning_causes import find_warning_cause
from quizapp.sandbox.client import JUDGE_SECONDS, JudgeFailed
from quizapp.sandbox.protocol import Ending, LineValue, Machine, Observation, Report, Run

HELD_BYTES = 128 << 20
"""Bytes of values of one answer's trials that are held until the verdict."""

SEARCHED_BYTES = 32 << 20
"""Bytes of values up to which an explanation is searched for: a search holds those of a dozen changed programs."""

MAX_ANSWER = 1 << 16
"""Characters of an answer: its text is read by the app itself, in a time that grows with its length."""

TOO_LONG = "The answer has {:,} characters, and at most {:,} are graded."


class Runner(Protocol):
    """The methods of a sandbox that the grader calls."""

    def wait(self, timeout: float | None = None) -> Machine: ...
    def submit(self, run: Run) -> Report: ...
    def judge(self, request: bytes, seconds: float) -> bytes: ...
    def cancel(self) -> None: ...


class Grader:
    """Grades answers in one sandbox; safe to call from several threads."""

    def __init__(
        self,
        sandbox: Runner,
        trust: bool = False,
        report_folder: Path | None = None,
        errors: ErrorLog | None = None,
    ) -> None:
        """Prepare a grader; nothing is run yet. Reports of references are stored in `report_folder`, if given.

        Unexpected exceptions are written to `errors` and end one verdict only; without it, they are raised.
        """
        self.sandbox = sandbox
        self.trust = trust
        self.errors = errors
        self.reports = ReportCache(lambda run: self.sandbox.submit(run), report_folder)
        self.on_search: Callable[[], None] = lambda: None
        """Called before the search for the change of the code that explains a wrong answer, which takes seconds."""

        self._tolerances: dict[Run, Mapping[int, float]] = {}
        self._cancellations = 0

    def grade(self, card: Card, answer: str, *, explain: bool = True) -> Verdict:
        """Return the verdict on `answer`; without `explain`, only its values are diagnosed, not its code.

        Raises SandboxError if no code can be run at all.
        """
        try:
            return self._grade(card, answer, explain=explain)
        except PtquizError:
            raise
        except Exception as error:
            if self.errors is None:
                raise
            return Verdict(card.name, Outcome.INTERNAL, detail=self.errors.add(error, f"grade {card.name}", answer))

    def _grade(self, card: Card, answer: str, *, explain: bool) -> Verdict:
        if card.kind is CardKind.CHOICE:
            return grade_choice(card, answer)
        if len(answer) > MAX_ANSWER:
            return Verdict(card.name, Outcome.WRONG, notes=(TOO_LONG.format(len(answer), MAX_ANSWER),))
        if card.kind is CardKind.ORDER and (line := find_foreign_line(card, answer)):
            return Verdict(card.name, Outcome.WRONG, notes=(f"This line is not one of the card's: `{line.strip()}`",))
        machine = self._machine(card)
        try:
            if card.kind is CardKind.PREDICT:
                is_deferred = card.checks[0].device == "cuda" and machine.cuda is None
                verdict = build_verdict(card, [Trial(0)]) if is_deferred else self._grade_prediction(card, answer)
            else:
                code, note = clean_pasted_answer(answer)
                verdict = self._grade_code(card, code, cuda=machine.cuda is not None, explain=explain)
                verdict = replace(verdict, notes=(*verdict.notes, note)) if note else verdict
        except SandboxError as error:
            verdict = Verdict(card.name, Outcome.INTERNAL, detail=self._failure(error, card, answer))
        return replace(verdict, tier=machine.tier, notes=(*verdict.notes, *_why_deferred(verdict, machine)))

    def prepare(self, card: Card) -> None:
        """Run the reference in advance, so that the first verdict does not wait for it."""
        if card.kind is not CardKind.CHOICE:
            self._machine(card)
            for trial in range(card.trials):
                self.reference(reference_run(card, trial))

    def scratch(self, card: Card, answer: str, *, history: tuple[str, ...] = (), trace_lines: bool = True) -> Report:
        """Run `answer` after preamble, given and `history`, with no verdict and no observations.

        With `trace_lines`, the report contains what each line bound, also those of functions that only the visible
        checks call, and the value of the last expression.
        """
        self._machine(card)
        run = scratch_run(card, answer, history, trace_lines=trace_lines)
        return without_checks(card, self.sandbox.submit(run))

    def line_values(self, card: Card, answer: str) -> tuple[LineValue, ...]:
        """Run `answer` without grading it; return what each line bound in the first trial, and the exception.

        None for cards whose answer is not code. Raises SandboxError if no code can be run.
        """
        return find_line_values(self, card, answer)

    def check_states(self, card: Card, answer: str) -> tuple[CheckState, ...]:
        """Return the state of each visible check in the first trial, without a verdict; raises no PtquizError."""
        return find_check_states(self, card, answer)

    def count_operators(self, card: Card, answer: str) -> tuple[int, int]:
        """Return how many torch operators the answer and the reference call, each including the checks."""
        of_answer, of_reference = (
            self.report(build_run(card, code, usage=COUNT_ALL)).operators for code in (answer, card.reference)
        )
        return of_answer, of_reference

    def reveal(self, card: Card) -> Side | None:
        """Return the value of a predict card's expression, for a learner who gave up; None if it did not run."""
        if card.checks[0].device == "cuda" and self.sandbox.wait(None).cuda is None:
            return None
        expected = self._predicted(card)
        return self.compare([Comparison(Observation(0), expected)])[0].expected if expected else None

    def cancel(self) -> None:
        """Stop all current runs, and searches for explanations."""
        self._cancellations += 1
        self.sandbox.cancel()

    def report(self, run: Run) -> Report:
        """Run code that never changes, such as a known wrong answer, or return its cached report."""
        return self.reports.get(run, self.sandbox.wait(None))

    def reference(self, run: Run, *, read_disk: bool = True) -> Report:
        """Run a reference, with more time if it needs that, or return its cached report."""
        return self.reports.get(run, self.sandbox.wait(None), is_reference=True, read_disk=read_disk)

    def compare(self, comparisons: Sequence[Comparison], seconds: float = JUDGE_SECONDS) -> list[Finding]:
        """Return the judge's findings; without comparisons, the judge is not called.

        A value that takes it more than `seconds` of its own time is wrong.
        """
        return request_findings(self.sandbox.judge, comparisons, seconds) if comparisons else []

    def _failure(self, error: SandboxError, card: Card, answer: str) -> str:
        """Return the message of an error of the sandbox; a bug is also written to the log."""
        is_bug = isinstance(error, (JudgeFailed, SandboxCrashed))
        return self.errors.add(error, f"grade {card.name}", answer) if is_bug and self.errors else error.message

    def _machine(self, card: Card) -> Machine:
        machine = self.sandbox.wait(None)
        if machine.tier != "full" and not (card.trusted or self.trust):
            raise UntrustedError(
                f"{card.name} is untrusted code, and the sandbox on this machine is only `{machine.tier}`",
                "read the deck, then pass --trust; `ptquiz doctor` lists what is missing",
            )
        return machine

    def _grade_code(self, card: Card, answer: str, *, cuda: bool, explain: bool) -> Verdict:
        cancellations = self._cancellations
        trials = self._judged_trials(card, answer, cuda=cuda)
        first = trials[0]
        verdict = build_verdict(card, trials, find_violations(card, answer, first.calls, first.reference_calls))
        judged = [trial for trial in trials if trial.has_values]
        if verdict.outcome in (Outcome.WRONG, Outcome.ERROR):
            # An exception shows its cause; a repetition would only delay it.
            repeated = None if verdict.error else self._repeated(card, answer, judged[0])
            notes = verdict.notes + tuple(find_run_notes(card, answer, judged, repeated))
            verdict = replace(verdict, says=recognise(card, judged, self), notes=notes)
        if explain and verdict.outcome in (Outcome.WRONG, Outcome.ERROR) and not verdict.breaks_only_rules:
            verdict = self._explained(card, answer, judged, verdict, lambda: self._cancellations != cancellations)
        return verdict

    def _judged_trials(self, card: Card, answer: str, *, cuda: bool) -> list[Trial]:
        """Run and judge every trial, several in one request; not more of their values are held than HELD_BYTES.

        If they are more, only the first trial and the first wrong one keep theirs.
        """
        judged: list[Trial] = []
        pending: list[Trial] = []
        for number in range(card.trials):
            pending.append(self._trial(card, answer, number, cuda=cuda))
            is_last = pending[-1].ended is not None or number == card.trials - 1
            if is_last or sum(trial.size for trial in pending) > HELD_BYTES:
                judged += [
                    self.confirm(card, answer, trial, cuda=cuda) for trial in self._judged(pending, card.limits.seconds)
                ]
                pending = []
                if sum(trial.size for trial in judged) > HELD_BYTES:
                    wrong = next((trial for trial in judged if not trial.is_correct), None)
                    judged = [t if t is judged[0] or t is wrong else t.without_values() for t in judged]
            if is_last:
                break
        return judged

    def _explained(
        self, card: Card, answer: str, trials: Sequence[Trial], verdict: Verdict, is_cancelled: Callable[[], bool]
    ) -> Verdict:
        """Return the verdict with the mistake that a change of the code or a warning proves, if there is one."""
        consistent = without_contradictions(verdict, answer, trials)
        is_explained = consistent.diagnosis is not None
        # An exception in every check that differs is located and explained already: its verdict should not wait.
        if not consistent.has_wrong_value or consistent.mistake is Mistake.NOTHING_RETURNED:
            return consistent
        if sum(trial.size for trial in trials) > SEARCHED_BYTES:
            return consistent
        self.on_search()
        search = ChangeSearch(card, trials, self, is_cancelled)
        proof = find_proof(answer, search, is_explained=is_explained)
        usual = "".join(report.stderr for trial in trials for report in trial.references)
        warning = find_warning_cause(verdict.stderr, usual)
        if warning and (proof.mistake is warning.proof.mistake if proof else not is_explained):
            verdict, proof = replace(verdict, stderr=warning.stderr), proof or warning.proof
        return with_proof(verdict, proof) if proof else consistent

    def confirm(self, card: Card, answer: str, trial: Trial, *, cuda: bool) -> Trial:
        """Return `trial`, or its repetition if that is correct: a near miss is run again before it counts as wrong.

        The reference is run again too, because a cached report could be the one that is slightly off; so is one that
        an earlier process stored, which may depend on the date or on the machine.
        """
        runs = [reference_run(card, trial.number, device) for device in trial.devices]
        is_old = any(map(self.reports.is_from_disk, runs))
        if trial.is_correct or not (trial.is_near_miss or is_old):
            return trial
        for run in runs:
            self.reports.forget(run, self.sandbox.wait(None))
        (repeated,) = self._judged([self._trial(card, answer, trial.number, cuda=cuda)], card.limits.seconds)
        return repeated if repeated.is_correct or is_old else trial

    def _judged(self, trials: Sequence[Trial], seconds: float) -> list[Trial]:
        """Return the trials with their findings; the judge is asked only about values whose bytes differ.

        It may take `seconds` of its own time.
        """
        undecided = [c for trial in trials for c in trial.comparisons.values() if not is_identical(c)]
        findings = iter(self.compare(undecided, seconds))
        return [
            replace(
                trial,
                findings={n: AGREES if is_identical(c) else next(findings) for n, c in trial.comparisons.items()},
            )
            for trial in trials
        ]

    def _repeated(self, card: Card, answer: str, trial: Trial) -> Report | None:
        """Run a trial again from the same seed; return None if it had no observations.

        If the values differ, a second repetition decides: a run that is slightly off does not make an answer unseeded.
        """
        if not trial.observations:
            return None
        run = build_run(card, answer, trial.number)
        repeated = self.sandbox.submit(run)
        if repeated.values == trial.reports[0].values:
            return repeated
        # The values of a report may be large.
        del repeated
        return self.sandbox.submit(run)

    def _trial(self, card: Card, answer: str, number: int, *, cuda: bool) -> Trial:
        devices = [d for d in ("cpu", "cuda") if any(c.device == d for c in card.checks) and (d == "cpu" or cuda)]
        trial = Trial(number)
        for device in devices:
            reference = self.reference(reference_run(card, number, device)) if card.reference else None
            report = self.sandbox.submit(build_run(card, answer, number, device, usage=answer_caps(card, reference)))
            measured = self.tolerances(card, number, device, reference) if reference else None
            trial = trial.add(card, device, reference, report, measured)
        return trial

    def tolerances(self, card: Card, number: int, device: str, reference: Report) -> Mapping[int, float]:
        """Return the absolute tolerances, by check number, of the checks with `rtol: auto`."""
        if not needs_measuring(card):
            return {}
        run = precise_run(card, number, device)
        if run not in self._tolerances:
            comparisons = precision_comparisons(card, reference, self.report(run))
            findings = self.compare(tuple(comparisons.values()))
            self._tolerances[run] = measured_tolerances(tuple(comparisons), findings)
        return self._tolerances[run]

    def _grade_prediction(self, card: Card, answer: str) -> Verdict:
        expected = self._predicted(card)
        if expected is None:
            detail = self.reference(reference_run(card, device=card.checks[0].device)).detail
            return Verdict(card.name, Outcome.INTERNAL, detail=f"the card's own code did not run: {detail}")
        check = card.checks[0]
        (finding,) = self.compare([build_prediction_comparison(check, expected, answer)])
        prediction = parse(answer)
        known = (w.says for w in card.wrong if w.says and prediction.is_same_as(parse(w.code)))
        return build_prediction_verdict(card, finding, None if finding.agrees else next(known, None))

    def _predicted(self, card: Card) -> Observation | None:
        """Return the observation to predict: the exception, if `given` itself raises; None if nothing ran."""
        report = self.reference(reference_run(card, device=card.checks[0].device))
        observation = next(iter(report.observations), None)
        if report.ending is not Ending.FINISHED or (observation is None and report.raised is None):
            return None
        return observation or Observation(0, raised=report.raised)


def _why_deferred(verdict: Verdict, machine: Machine) -> tuple[str, ...]:
    """Return why CUDA did not start, if checks were deferred on a machine with a GPU or a driver."""
    is_deferred = verdict.outcome is Outcome.DEFERRED or any(c.state is CheckState.DEFERRED for c in verdict.checks)
    return (f"CUDA did not start: {machine.cuda_problem}",) if is_deferred and machine.cuda_problem else ()

"""Recognises an answer as one of the wrong answers that the card's author has explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from quizapp.decks.card import Card
from quizapp.grading.judge_protocol import Comparison, Finding
from quizapp.grading.runs import build_run
from quizapp.grading.scoring import Trial, build_comparison
from quizapp.sandbox.protocol import Raised, Report, Run


class KnownRunner(Protocol):
    """The methods of the grader that are needed to run a known wrong answer."""

    def report(self, run: Run) -> Report: ...
    def compare(self, comparisons: Sequence[Comparison]) -> list[Finding]: ...


def recognise(card: Card, trials: Sequence[Trial], runner: KnownRunner) -> str | None:
    """Return `says` of the known wrong answer with the same observations in every trial, if there is one."""
    for wrong in card.wrong:
        if wrong.says and _has_same_observations(card, wrong.code, trials, runner):
            return wrong.says
    return None


def _has_same_observations(card: Card, code: str, trials: Sequence[Trial], runner: KnownRunner) -> bool:
    """Return whether `code` gives the answer's observations, and raises its exceptions, in each trial."""
    comparisons: list[Comparison] = []
    for trial in trials:
        reports = [runner.report(build_run(card, code, trial.number, device)) for device in sorted(trial.devices)]
        known = {observation.number: observation for report in reports for observation in report.observations}
        got = trial.observations
        if known.keys() != got.keys():
            return False
        known_errors = [report.raised for report in reports] + [known[number].raised for number in got]
        got_errors = [report.raised for report in trial.reports] + [seen.raised for seen in got.values()]
        if [_error_key(raised) for raised in known_errors] != [_error_key(raised) for raised in got_errors]:
            return False
        comparisons += [build_comparison(card.checks[number], known[number], got[number]) for number in got]
    return all(finding.agrees for finding in runner.compare(comparisons))


def _error_key(raised: Raised | None) -> tuple[str, str] | None:
    """Return what makes two exceptions the same mistake: bases and line numbers do not count."""
    return (raised.type, raised.message) if raised else None

"""Reports of references, kept in memory and on disk: what is run again, and what never is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader
from quizapp.grading.report_cache import PATIENCE, ReportCache
from quizapp.grading.runs import reference_run
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending, Expression, Limits, Machine, Observation, Report, Run

MACHINE = Machine("3.11", "2.13", None, "full")
RUN = Run("x = 1", (Expression(0, "x"),))
REPORT = Report(Ending.FINISHED, (Observation(0, b"value"),), True, stdout="\ud800", seconds=0.5, calls={"for": 1})


class Runs:
    """Counts the runs and returns prepared reports."""

    def __init__(self, *reports: Report) -> None:
        self.reports = list(reports)
        self.submitted: list[Run] = []

    def submit(self, run: Run) -> Report:
        self.submitted.append(run)
        return self.reports.pop(0) if len(self.reports) > 1 else self.reports[0]


def test_a_reference_runs_once_for_all_processes(tmp_path: Path) -> None:
    first, second = Runs(REPORT), Runs(Report(Ending.CRASHED))
    cache = ReportCache(first.submit, tmp_path)
    assert [cache.get(RUN, MACHINE, is_reference=True).ending for _ in range(2)] == [Ending.FINISHED] * 2
    other = ReportCache(second.submit, tmp_path)
    report = other.get(RUN, MACHINE, is_reference=True)
    assert (report.observations, report.calls) == (REPORT.observations, REPORT.calls)
    assert (len(first.submitted), len(second.submitted)) == (1, 0)
    assert other.is_from_disk(RUN) and not cache.is_from_disk(RUN)


@pytest.mark.parametrize(
    ("run", "machine"),
    [
        (replace(RUN, code="x = 2"), MACHINE),
        (replace(RUN, trial=1), MACHINE),
        (RUN, replace(MACHINE, torch="2.14")),
        (RUN, replace(MACHINE, cuda="H100")),
    ],
)
def test_another_run_or_machine_has_another_report(tmp_path: Path, run: Run, machine: Machine) -> None:
    ReportCache(Runs(REPORT).submit, tmp_path).get(RUN, MACHINE, is_reference=True)
    runs = Runs(REPORT)
    ReportCache(runs.submit, tmp_path).get(run, machine, is_reference=True)
    assert len(runs.submitted) == 1


@pytest.mark.parametrize("damage", [b"", b"\x91", b"not a report" * 9])
def test_a_damaged_file_is_run_again(tmp_path: Path, damage: bytes) -> None:
    ReportCache(Runs(REPORT).submit, tmp_path).get(RUN, MACHINE, is_reference=True)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    runs = Runs(REPORT)
    assert ReportCache(runs.submit, tmp_path).get(RUN, MACHINE, is_reference=True) == REPORT
    assert len(runs.submitted) == 1


def test_only_references_are_stored(tmp_path: Path) -> None:
    ReportCache(Runs(REPORT).submit, tmp_path).get(RUN, MACHINE)
    ReportCache(Runs(Report(Ending.CRASHED)).submit, tmp_path).get(RUN, MACHINE, is_reference=True)
    huge = replace(REPORT, observations=(Observation(0, bytes(2 << 20)),))
    ReportCache(Runs(huge).submit, tmp_path).get(RUN, MACHINE, is_reference=True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert ReportCache(Runs(REPORT).submit, blocked).get(RUN, MACHINE, is_reference=True) == REPORT


def test_a_reference_that_exceeds_its_limit_gets_more_time_and_an_answer_does_not() -> None:
    runs = Runs(Report(Ending.TIMEOUT), REPORT)
    assert ReportCache(runs.submit).get(RUN, MACHINE, is_reference=True) == REPORT
    assert [run.limits.seconds for run in runs.submitted] == [5.0, 5.0 * PATIENCE]
    runs = Runs(Report(Ending.TIMEOUT))
    assert ReportCache(runs.submit).get(RUN, MACHINE).ending is Ending.TIMEOUT
    assert len(runs.submitted) == 1


def test_a_forgotten_report_is_run_again(tmp_path: Path) -> None:
    runs = Runs(REPORT)
    cache = ReportCache(runs.submit, tmp_path)
    cache.get(RUN, MACHINE, is_reference=True)
    cache.forget(RUN, MACHINE)
    assert list(tmp_path.iterdir()) == []
    cache.get(RUN, MACHINE, is_reference=True)
    assert len(runs.submitted) == 2


@pytest.mark.jail
def test_a_right_answer_passes_although_the_stored_reference_is_out_of_date(tmp_path: Path, sandbox: Sandbox) -> None:
    card = Card(
        "deck",
        "card",
        "?",
        (Check("x"),),
        preamble="import torch",
        solution="x = torch.ones(2)",
        limits=Limits(seconds=30),
        trusted=True,
    )
    earlier = Grader(sandbox, report_folder=tmp_path)
    stale = sandbox.submit(replace(reference_run(card), code="x = torch.zeros(2)"))
    earlier.reports._submit = lambda run: stale
    assert earlier.reference(reference_run(card)) == stale
    grader = Grader(sandbox, report_folder=tmp_path)
    assert grader.grade(card, "x = torch.zeros(2) + 1").passed
    assert not Grader(sandbox, report_folder=tmp_path).grade(card, "x = torch.zeros(2)").passed

"""Checking several cards: in parallel, with progress, with cached proofs, and the formats of the report."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from quizapp.audit import deck_check
from quizapp.audit.deck_check import CheckReport, Unproved, check_paths, read_paths
from quizapp.audit.prove import Depth, MutantTally
from quizapp.audit.reports import FORMATS, as_json, github, junit, text
from quizapp.errors import Problem, SandboxError, UntrustedError
from quizapp.grading.grader import Grader
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending, Machine, Report, Run
from tests.decks.making import deck, deck_text, plain_card, write

QUICK = Depth(mutants=False, seeds=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, deck_text(*(plain_card(f"c{i}") for i in range(4)), slug="one"), "decks/one.yaml")
    write(tmp_path, deck_text(plain_card("c", "wrong: [x = 1]"), slug="two"), "decks/two.yaml")
    return tmp_path / "decks"


def test_cards_are_proved_in_parallel_with_progress(sandbox: Sandbox, folder: Path) -> None:
    calls: list[tuple[int, int]] = []
    report = check_paths(
        [folder],
        Grader(sandbox, trust=True),
        depth=QUICK,
        jobs=3,
        progress=lambda done, total, _: calls.append((done, total)),
    )
    assert calls == [(number, 5) for number in range(1, 6)]
    assert [(problem.kind, problem.card) for problem in report.problems] == [("wrong-passes", "two/c")]
    assert (len(report.decks), len(report.cards), report.clean) == (2, 5, False)


def test_a_second_check_runs_nothing_and_finds_the_same(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    def run_check() -> CheckReport:
        return check_paths([folder], Grader(sandbox, trust=True), depth=QUICK, proof_folder=tmp_path / "proofs")

    first, second = run_check(), run_check()
    assert first.runs > 0
    assert (second.runs, second.proved) == (0, 5)
    assert second.problems == first.problems


def test_a_check_that_reads_no_proofs_replaces_them(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    def run_check(*, read_proofs: bool) -> CheckReport:
        grader, proofs = Grader(sandbox, trust=True), tmp_path / "proofs"
        return check_paths([folder], grader, depth=QUICK, proof_folder=proofs, read_proofs=read_proofs)

    first, second, third = (run_check(read_proofs=read) for read in (False, False, True))
    assert (first.runs, second.runs) == (second.runs, first.runs) and first.runs > 0
    assert (third.runs, third.proved) == (0, 5)


def test_a_cached_proof_follows_its_card_through_the_file(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    grader, proofs = Grader(sandbox, trust=True), tmp_path / "proofs"
    (before,) = check_paths([folder / "two.yaml"], grader, depth=QUICK, proof_folder=proofs).problems
    write(folder, "# a comment\n" + (folder / "two.yaml").read_text(), "two.yaml")
    moved = check_paths([folder / "two.yaml"], grader, depth=QUICK, proof_folder=proofs)
    assert moved.runs == 0
    assert [problem.line for problem in moved.problems] == [before.line + 1]


def test_changed_texts_do_not_invalidate_a_proof(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    def check_card(fields: str) -> CheckReport:
        write(folder, deck_text(plain_card("c", fields), slug="two"), "two.yaml")
        return check_paths(
            [folder / "two.yaml"], Grader(sandbox, trust=True), depth=QUICK, proof_folder=tmp_path / "proofs"
        )

    assert check_card("wrong: [x = 2]").runs > 0
    assert check_card("wrong: [{code: x = 2, says: no}]\nnote: n\ntitle: t\nlevel: 3\nminutes: 2").runs == 0
    assert check_card("wrong: [x = 2]\nhints: [x = 1]").runs > 0, "a hint may contain the solution"


def test_a_changed_card_is_proved_again(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    grader, proofs = Grader(sandbox, trust=True), tmp_path / "proofs"
    check_paths([folder], grader, depth=QUICK, proof_folder=proofs)
    write(folder, deck_text(plain_card("c", "wrong: [x = 2]"), slug="two"), "two.yaml")
    again = check_paths([folder], grader, depth=QUICK, proof_folder=proofs)
    assert (again.clean, again.proved) == (True, 4)


def test_a_damaged_proof_is_made_again(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    grader, proofs = Grader(sandbox, trust=True), tmp_path / "proofs"
    check_paths([folder], grader, depth=QUICK, proof_folder=proofs)
    for file in proofs.iterdir():
        file.write_bytes(file.read_bytes()[:20])
    assert check_paths([folder], grader, depth=QUICK, proof_folder=proofs).proved == 0


def test_faulty_decks_are_reported_without_a_sandbox(tmp_path: Path) -> None:
    write(tmp_path, deck_text(plain_card("a", "levl: 2")))
    report = read_paths([tmp_path])
    assert [problem.kind for problem in report.problems] == ["unknown-key"]
    assert not report.clean


def test_reading_decks_does_not_import_torch(folder: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from quizapp.audit.deck_check import read_paths
from quizapp.audit.reports import FORMATS
report = read_paths([Path({str(folder)!r})])
assert len(report.cards) == 5
[write(report) for write in FORMATS.values()]
print(sorted({{"torch", "numpy", "pandas", "textual"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


class UnconfinedSandbox:
    """A sandbox that cannot confine code, and must not run any."""

    def wait(self, timeout: float | None = None) -> Machine:
        return Machine("3.11", "2.13", None, "process", ("no limits",))

    def submit(self, run: Run) -> Report:
        raise AssertionError("untrusted code was run")

    def judge(self, request: bytes, seconds: float) -> bytes:
        raise AssertionError("a request was sent to the judge")

    def cancel(self) -> None: ...


def test_an_untrusted_deck_is_not_run_without_confinement(folder: Path) -> None:
    with pytest.raises(UntrustedError):
        check_paths([folder], Grader(UnconfinedSandbox()), depth=QUICK, jobs=2)


class BrokenSandbox(UnconfinedSandbox):
    def submit(self, run: Run) -> Report:
        raise SandboxError("the sandbox crashed")


def test_a_sandbox_that_crashes_ends_the_check(folder: Path) -> None:
    with pytest.raises(SandboxError):
        check_paths([folder], Grader(BrokenSandbox(), trust=True), depth=QUICK)


class BrokenGpu(UnconfinedSandbox):
    """A sandbox on a machine whose GPU cannot be used."""

    def wait(self, timeout: float | None = None) -> Machine:
        return Machine("3.11", "2.13", None, "full", cuda_problem="the driver does not start: error 304")

    def submit(self, run: Run) -> Report:
        return Report(Ending.FINISHED, code_ended=True)


def test_a_card_that_was_not_proved_says_why_cuda_did_not_start(folder: Path) -> None:
    card = "id: c\nkind: predict\nquestion: q\ngiven: y = 1\nchecks: [{see: y, device: cuda}]"
    file = write(folder, deck_text(card, slug="gpu"), "gpu.yaml")
    found = check_paths([file], Grader(BrokenGpu()), depth=QUICK)
    assert [unproved.reason for unproved in found.unproved] == [
        "CUDA did not start: the driver does not start: error 304"
    ]


@pytest.mark.parametrize(("memory", "expected"), [(None, 64), (64 << 30, 64), (5 << 30, 5), (1, 1)])
def test_fewer_cards_are_proved_at_a_time_if_memory_would_not_suffice(
    memory: int | None, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deck_check, "available_memory", lambda: memory)
    assert deck_check.usable_jobs(64, list(deck(tmp_path, plain_card("a"), plain_card("b")))) == expected


@pytest.fixture
def report(tmp_path: Path) -> CheckReport:
    """Return a report with an error and a warning, with characters that the formats must escape."""
    path = str(tmp_path / "d.yaml")
    return CheckReport(
        decks=(deck(tmp_path, plain_card("a"), plain_card("b")),),
        problems=(
            Problem(path, 4, 5, "100% of <this> fails", "fix it: now, or\nlater", "wrong-passes", "d/a"),
            Problem(path, 9, 0, "a comment\x1b", None, "mutant-survives", "d/b", "warning"),
        ),
        mutants={"d": MutantTally(10, 8, 1)},
        runs=20,
    )


def test_text_has_problems_mutants_and_totals(report: CheckReport) -> None:
    printed = text(report)
    assert "error: " in printed and "hint: fix it" in printed
    assert "88.9%" in printed
    assert printed.endswith("1 deck, 2 cards: 1 error, 1 warning")


def test_json_has_decks_cards_and_problems(report: CheckReport) -> None:
    data = json.loads(as_json(report))
    assert (data["decks"], data["cards"]) == (1, 2)
    assert data["problems"][0].keys() >= {"path", "line", "column", "card", "kind", "message", "hint"}
    assert data["mutants"]["d"]["killed"] == 8


def test_junit_has_a_case_for_each_card(report: CheckReport) -> None:
    suites = ElementTree.fromstring(junit(report))
    (suite,) = suites
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failed, warned = suite
    assert failed.find("failure") is not None and failed.get("name") == "d/a"
    assert warned.find("failure") is None and "a comment" in (warned.findtext("system-out") or "")


def test_github_annotates_the_line_of_each_problem(report: CheckReport) -> None:
    first, second = github(report).splitlines()
    assert first.startswith("::error file=") and ",line=4,col=5,title=wrong-passes::" in first
    assert "100%25 of <this> fails%0Ahint: fix it: now, or%0Alater" in first
    assert second.startswith("::warning ") and "col=" not in second


@pytest.fixture
def unproved(tmp_path: Path) -> CheckReport:
    """Return a report without problems on cards that need a GPU, one with long and many checks."""
    cards = (deck(tmp_path, plain_card("a"), plain_card("b"), plain_card("c")),)
    path = str(tmp_path / "d.yaml")
    checks = ("x", "y,\n z", "w" * 100, "v")
    return CheckReport(cards, unproved=(Unproved(path, 4, 5, "d/a", ("x",), 1), Unproved(path, 9, 5, "d/b", checks, 6)))


def test_text_lists_what_was_not_proved_and_counts_it(unproved: CheckReport) -> None:
    listed, totals = text(unproved).split("\n\n")
    first, second = listed.splitlines()
    path = unproved.unproved[0].path
    assert first == f"not proved here: {path}: card d/a: 1 of 1 check needs a GPU: `x`"
    assert second == f"not proved here: {path}: card d/b: 4 of 6 checks need a GPU: `x`, `y, z`, `{'w' * 59}…`, …"
    assert totals == "1 deck, 3 cards: 0 errors, 0 warnings, 2 cards not proved (no GPU)"


def test_json_lists_all_checks_that_were_not_proved(unproved: CheckReport) -> None:
    first, second = json.loads(as_json(unproved))["unproved"]
    assert (first["card"], first["checks"], first["reason"]) == ("d/a", ["x"], "no GPU")
    assert (len(second["checks"]), second["line"]) == (4, 9)


def test_junit_skips_a_card_that_was_not_proved_unless_it_failed(unproved: CheckReport) -> None:
    path = unproved.unproved[0].path
    failed = replace(unproved, problems=(Problem(path, 9, 5, "no", None, "undefined-name", "d/b"),))
    (suite,) = ElementTree.fromstring(junit(failed))
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    skipped = {case.get("name"): case.find("skipped") for case in suite}
    assert {name for name, element in skipped.items() if element is not None} == {"d/a"}
    assert skipped["d/a"] is not None and skipped["d/a"].get("message") == "1 of 1 check needs a GPU: `x`"


def test_github_gives_a_notice_for_each_card_that_was_not_proved(unproved: CheckReport) -> None:
    first, second = github(unproved).splitlines()
    assert first.startswith("::notice file=") and ",line=4,col=5,title=not-proved::not proved here: card d/a: " in first
    assert "card d/b: 4 of 6" in second


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_report_can_be_printed(name: str) -> None:
    assert FORMATS[name](CheckReport()) is not None

"""Many cards at once: in parallel, told as they go, kept, and reported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from quizapp.audit.deck_check import CheckReport, check_paths, read_paths
from quizapp.audit.prove import Depth, MutantTally
from quizapp.audit.reports import FORMATS, as_json, github, junit, text
from quizapp.errors import Problem, SandboxError, UntrustedError
from quizapp.grading.grader import Grader
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Machine, Report, Run
from tests.decks.making import deck, deck_text, plain_card, write

QUICK = Depth(mutants=False, seeds=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, deck_text(*(plain_card(f"c{i}") for i in range(4)), slug="one"), "decks/one.yaml")
    write(tmp_path, deck_text(plain_card("c", "wrong: [x = 1]"), slug="two"), "decks/two.yaml")
    return tmp_path / "decks"


def test_cards_are_proved_several_at_a_time_and_told_as_they_are_done(sandbox: Sandbox, folder: Path) -> None:
    told: list[tuple[int, int]] = []
    report = check_paths(
        [folder], Grader(sandbox, trust=True), depth=QUICK, jobs=3, progress=lambda done, of, _: told.append((done, of))
    )
    assert told == [(number, 5) for number in range(1, 6)]
    assert [(problem.kind, problem.card) for problem in report.problems] == [("wrong-passes", "two/c")]
    assert (len(report.decks), len(report.cards), report.clean) == (2, 5, False)


def test_a_second_check_runs_nothing_and_finds_the_same(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    def checked() -> CheckReport:
        return check_paths([folder], Grader(sandbox, trust=True), depth=QUICK, keep_in=tmp_path / "proofs")

    first, second = checked(), checked()
    assert first.runs > 0
    assert (second.runs, second.proved) == (0, 5)
    assert second.problems == first.problems


def test_a_kept_proof_follows_its_card_through_the_file(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    grader, kept = Grader(sandbox, trust=True), tmp_path / "proofs"
    (before,) = check_paths([folder / "two.yaml"], grader, depth=QUICK, keep_in=kept).problems
    write(folder, "# a remark\n" + (folder / "two.yaml").read_text(), "two.yaml")
    moved = check_paths([folder / "two.yaml"], grader, depth=QUICK, keep_in=kept)
    assert moved.runs == 0
    assert [problem.line for problem in moved.problems] == [before.line + 1]


def test_better_words_keep_a_proof(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    def checked(more: str) -> CheckReport:
        write(folder, deck_text(plain_card("c", more), slug="two"), "two.yaml")
        return check_paths([folder / "two.yaml"], Grader(sandbox, trust=True), depth=QUICK, keep_in=tmp_path / "proofs")

    assert checked("wrong: [x = 2]").runs > 0
    assert checked("wrong: [{code: x = 2, says: no}]\nnote: n\ntitle: t\nlevel: 3\nminutes: 2").runs == 0
    assert checked("wrong: [x = 2]\nhints: [x = 1]").runs > 0, "a hint may hold the solution"


def test_a_changed_card_is_proved_again(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    grader, kept = Grader(sandbox, trust=True), tmp_path / "proofs"
    check_paths([folder], grader, depth=QUICK, keep_in=kept)
    write(folder, deck_text(plain_card("c", "wrong: [x = 2]"), slug="two"), "two.yaml")
    again = check_paths([folder], grader, depth=QUICK, keep_in=kept)
    assert (again.clean, again.proved) == (True, 4)


def test_a_torn_proof_is_made_again(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    grader, kept = Grader(sandbox, trust=True), tmp_path / "proofs"
    check_paths([folder], grader, depth=QUICK, keep_in=kept)
    for file in kept.iterdir():
        file.write_bytes(file.read_bytes()[:20])
    assert check_paths([folder], grader, depth=QUICK, keep_in=kept).proved == 0


def test_decks_with_faults_are_told_without_a_sandbox(tmp_path: Path) -> None:
    write(tmp_path, deck_text(plain_card("a", "levl: 2")))
    report = read_paths([tmp_path])
    assert [problem.kind for problem in report.problems] == ["unknown-key"]
    assert not report.clean


def test_reading_decks_loads_no_torch(folder: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from quizapp.audit.check import read_paths
from quizapp.audit.reports import FORMATS
report = read_paths([Path({str(folder)!r})])
assert len(report.cards) == 5
[write(report) for write in FORMATS.values()]
print(sorted({{"torch", "numpy", "pandas", "textual"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


class Weak:
    """A sandbox that cannot confine anything, and runs nothing."""

    def wait(self, timeout: float | None = None) -> Machine:
        return Machine("3.11", "2.13", None, "process", ("no limits",))

    def submit(self, run: Run) -> Report:
        raise AssertionError("a stranger's code was run")

    def judge(self, request: bytes) -> bytes:
        raise AssertionError("nothing was run, and something is judged")

    def cancel(self) -> None: ...


def test_a_strangers_deck_is_not_run_where_nothing_confines_it(folder: Path) -> None:
    with pytest.raises(UntrustedError):
        check_paths([folder], Grader(Weak()), depth=QUICK, jobs=2)


class Broken(Weak):
    def submit(self, run: Run) -> Report:
        raise SandboxError("the sandbox went away")


def test_a_sandbox_that_goes_away_ends_the_check(folder: Path) -> None:
    with pytest.raises(SandboxError):
        check_paths([folder], Grader(Broken(), trust=True), depth=QUICK)


@pytest.fixture
def report(tmp_path: Path) -> CheckReport:
    """A finished check with an error and a warning, one of them with characters that formats must escape."""
    path = str(tmp_path / "d.yaml")
    return CheckReport(
        decks=(deck(tmp_path, plain_card("a"), plain_card("b")),),
        problems=(
            Problem(path, 4, 5, "100% of <this> fails", "mend it: now, or\nlater", "wrong-passes", "d/a"),
            Problem(path, 9, 0, "a remark\x1b", None, "mutant-survives", "d/b", "warning"),
        ),
        mutants={"d": MutantTally(10, 8, 1)},
        runs=20,
    )


def test_text_tells_problems_mutants_and_counts(report: CheckReport) -> None:
    told = text(report)
    assert "error: " in told and "hint: mend it" in told
    assert "88.9%" in told
    assert told.endswith("1 deck, 2 cards: 1 error, 1 warning")


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
    assert warned.find("failure") is None and "a remark" in (warned.findtext("system-out") or "")


def test_github_shows_each_problem_beside_its_line(report: CheckReport) -> None:
    first, second = github(report).splitlines()
    assert first.startswith("::error file=") and ",line=4,col=5,title=wrong-passes::" in first
    assert "100%25 of <this> fails%0Ahint: mend it: now, or%0Alater" in first
    assert second.startswith("::warning ") and "col=" not in second


@pytest.mark.parametrize("name", FORMATS)
def test_a_check_of_nothing_can_be_told_too(name: str) -> None:
    assert FORMATS[name](CheckReport()) is not None

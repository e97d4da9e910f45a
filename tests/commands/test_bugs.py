"""A bug in grading: what `try`, line mode and `doctor` show, and that nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizapp.commands.doctor import report_lines
from quizapp.grading.grader import Grader
from tests.commands.conftest import Command
from tests.commands.test_doctor import FACTS

LINE = "this is a bug in ptquiz: KeyError was written to "


@pytest.fixture
def broken_grading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each graded answer end with a bug."""

    def fail(*_: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(Grader, "_judged", fail)


@pytest.mark.jail
@pytest.mark.usefixtures("broken_grading")
def test_try_prints_one_line_and_exits_1(ptquiz: Command, deck: Path, home: Path) -> None:
    result = ptquiz("--trust", "--decks", deck, "try", "small/twice", stdin="y = x * 2")
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith("? ptquiz failed, not your answer")
    assert LINE + str(home / "cache" / "errors.log") in result.out and "Traceback" not in result.out


@pytest.mark.jail
@pytest.mark.usefixtures("broken_grading")
def test_try_json_has_the_line_in_its_detail(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--trust", "--decks", deck, "try", "small/twice", "--json", stdin="y = x * 2")
    facts = json.loads(result.out)
    assert (result.code, facts["outcome"]) == (1, "internal") and facts["detail"].startswith(LINE)


@pytest.mark.jail
@pytest.mark.usefixtures("broken_grading")
def test_line_mode_goes_on_with_the_draft_and_logs_no_review(ptquiz: Command, deck: Path) -> None:
    arguments = ("--trust", "--decks", deck, "study", "--plain", "small")
    result = ptquiz(*arguments, stdin="y = x * 2\n.\n=\nq\n")
    assert (result.code, result.err) == (0, "")
    assert LINE in " ".join(result.out.split()) and "0 reviewed" in result.out
    assert "y = x * 2" in ptquiz(*arguments, stdin="q\n").out
    entries = json.loads(ptquiz("export").out)
    assert not entries["log"]


@pytest.mark.jail
def test_a_bug_in_revealing_leaves_the_card_to_be_rated(
    ptquiz: Command, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Grader, "reveal", lambda *_: 1 / 0)
    result = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin="k\n(9, 9)\n.\ng\n1\nq\n")
    assert (result.code, result.err) == (0, "") and "Traceback" not in result.out
    assert "? ptquiz failed, not your answer" in result.out
    assert "this is a bug in ptquiz: ZeroDivisionError" in result.out and "1 reviewed" in result.out


@pytest.mark.jail
def test_a_bug_in_storing_an_answer_keeps_it_as_the_draft(
    ptquiz: Command, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("--trust", "--decks", deck, "study", "--plain", "small")
    with monkeypatch.context() as patch:
        patch.setattr("quizapp.review.session.Session.submit", lambda *_: 1 / 0)
        result = ptquiz(*arguments, stdin="y = x * 2\n.\nq\n")
    assert (result.code, result.err) == (0, "") and "? ptquiz failed, not your answer" in result.out
    assert "y = x * 2" in ptquiz(*arguments, stdin="q\n").out


@pytest.mark.jail
def test_a_bug_in_counting_operators_keeps_the_verdict(
    ptquiz: Command, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Grader, "count_operators", lambda *_: 1 / 0)
    result = ptquiz("--trust", "--decks", deck, "try", "small/twice", stdin="y = x * 2")
    assert (result.code, result.err) == (0, "") and "✓ passed" in result.out
    assert "this is a bug in ptquiz: ZeroDivisionError" in result.out


@pytest.mark.jail
def test_doctor_counts_the_errors_only_if_there_is_a_log(ptquiz: Command, deck: Path, home: Path) -> None:
    assert json.loads(ptquiz("doctor", "--json").out)["errors"] is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Grader, "_judged", lambda *_: 1 / 0)
        ptquiz("--trust", "--decks", deck, "try", "small/twice", stdin="y = x * 2")
    path = str(home / "cache" / "errors.log")
    assert json.loads(ptquiz("doctor", "--json").out)["errors"] == {"path": path, "count": 1}


def test_the_report_has_a_row_for_the_errors() -> None:
    lines = list(report_lines(FACTS | {"errors": {"path": "/c/errors.log", "count": 2}}))
    assert "errors    2 in /c/errors.log: please report them with this file" in lines
    assert not any(line.startswith("errors") for line in report_lines(FACTS))


def test_a_bug_in_a_command_keeps_its_traceback(
    ptquiz: Command, deck: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizapp.commands.try_answer.read_answer", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ptquiz("--decks", deck, "try", "small/twice", stdin="1")
    assert not (home / "cache" / "errors.log").exists()

"""`ptquiz check`: a deck is proved, or every problem of it is reported."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.commands.conftest import Command


@pytest.mark.jail
def test_a_false_claim_is_reported_where_it_is_written(ptquiz: Command, deck: Path) -> None:
    deck.write_text(deck.read_text().replace("- code: y = x + 2", "- code: y = x + x"))
    result = ptquiz("--trust", "check", deck, "--json")
    report = json.loads(result.out)
    assert (result.code, report["decks"], report["cards"]) == (1, 1, 4)
    problem = next(problem for problem in report["problems"] if problem["severity"] == "error")
    assert {"path", "line", "column", "card", "kind", "message", "hint"} <= problem.keys()
    assert (problem["card"], problem["path"]) == ("small/twice", str(deck))
    assert problem["line"] == next(n for n, line in enumerate(deck.read_text().splitlines(), 1) if "y = x + x" in line)


@pytest.mark.jail
def test_surviving_mutants_are_an_error_only_with_min_killed(ptquiz: Command, tmp_path: Path) -> None:
    card = "id: a\n    question: q\n    given: y = 3\n    solution: x = y + 1\n    checks: [type(x).__name__]\n"
    deck = tmp_path / "d.yaml"
    deck.write_text(f"format: 1\ndeck: d\ncards:\n  - {card}")
    assert ptquiz("--trust", "check", deck).code == 0
    report = json.loads(ptquiz("--trust", "check", deck, "--min-killed", "95", "--json").out)
    error = next(problem for problem in report["problems"] if problem["severity"] == "error")
    assert (error["kind"], error["path"]) == ("few-killed", str(deck))
    assert ptquiz("--trust", "check", deck, "--min-killed", "95").code == 1


def test_reading_alone_needs_no_sandbox(ptquiz: Command, deck: Path) -> None:
    assert ptquiz("check", "--no-run", deck).code == 0


def test_a_missing_path_or_an_empty_folder_exits_2(ptquiz: Command, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for path in (tmp_path / "none", empty):
        result = ptquiz("check", path)
        assert (result.code, result.out) == (2, "")
        assert str(path) in result.err and "hint: " in result.err


@pytest.mark.jail
def test_a_second_check_of_an_unchanged_deck_runs_nothing(ptquiz: Command, deck: Path) -> None:
    first = json.loads(ptquiz("--trust", "check", deck, "--json").out)
    second = json.loads(ptquiz("--trust", "check", deck, "--json").out)
    assert first["runs"] > 0 and second["runs"] == 0
    assert first["problems"] == second["problems"]


@pytest.mark.jail
def test_progress_is_drawn_only_on_a_terminal(ptquiz: Command, deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "4/4" not in ptquiz("--trust", "check", deck, "--no-mutants").err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert "4/4" in ptquiz("--trust", "check", deck, "--no-mutants").err


def test_machine_readable_formats_are_valid(ptquiz: Command, deck: Path) -> None:
    deck.write_text(deck.read_text().replace("title: Twice", "titel: Twice"))
    junit = ElementTree.fromstring(ptquiz("check", "--no-run", deck, "--format", "junit").out)
    assert [case.get("type") for case in junit.iter("failure")] == ["unknown-key"]
    assert ptquiz("check", "--no-run", deck, "--format", "github").out.startswith(f"::error file={deck},line=9,col=5")

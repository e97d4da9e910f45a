"""`ptquiz check`, `new`: a deck is proved, or every fault of it is said."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
import yaml

from quizapp.commands import new
from tests.commands.conftest import Command


def test_a_deck_that_claims_a_falsehood_is_found_out(ptquiz: Command, deck: Path) -> None:
    deck.write_text(deck.read_text().replace("- code: y = x + 2", "- code: y = x + x"))
    result = ptquiz("--trust", "check", deck, "--json")
    report = json.loads(result.out)
    assert (result.code, report["decks"], report["cards"]) == (1, 1, 4)
    problem = next(problem for problem in report["problems"] if problem["severity"] == "error")
    assert {"path", "line", "column", "card", "kind", "message", "hint"} <= problem.keys()
    assert (problem["card"], problem["path"]) == ("small/twice", str(deck))
    assert problem["line"] == next(n for n, line in enumerate(deck.read_text().splitlines(), 1) if "y = x + x" in line)


def test_too_many_mutants_alive_are_an_error_only_where_that_is_asked(ptquiz: Command, tmp_path: Path) -> None:
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


def test_a_path_that_is_not_there_exits_2(ptquiz: Command) -> None:
    result = ptquiz("check", "nowhere")
    assert result.code == 2 and "nowhere" in result.err


def test_a_second_check_runs_nothing_that_did_not_change(ptquiz: Command, deck: Path) -> None:
    first = json.loads(ptquiz("--trust", "check", deck, "--json").out)
    second = json.loads(ptquiz("--trust", "check", deck, "--json").out)
    assert first["runs"] > 0 and second["runs"] == 0
    assert first["problems"] == second["problems"]


def test_a_new_deck_is_already_clean(ptquiz: Command, tmp_path: Path) -> None:
    made = ptquiz("new", "mine", "--title", "Mine: a deck", "--kind", "code", "--kind", "order", "--into", tmp_path)
    path = Path(made.out.strip())
    assert yaml.safe_load(path.read_text())["title"] == "Mine: a deck"
    assert ptquiz("--trust", "check", path).code == 0
    assert ptquiz("new", "mine", "--into", tmp_path).code == 2


def test_what_new_is_not_told_it_asks_for_until_it_can_be_used(ptquiz: Command, tmp_path: Path) -> None:
    made = ptquiz("new", "--into", tmp_path, stdin="My Deck\nmy-deck\nA title\nWhat it is\nessay\npredict\n")
    deck = yaml.safe_load(Path(made.out.strip()).read_text())
    assert (made.code, deck["title"], deck["description"]) == (0, "A title", "What it is")
    assert [card["kind"] for card in deck["cards"]] == ["predict"]
    assert "small letters" in made.err and "essay" in made.err


def test_a_watch_checks_at_once_and_ends_with_ctrl_c(
    ptquiz: Command, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(new, "time", SimpleNamespace(sleep=interrupt))
    watched = ptquiz("--trust", "watch", deck)
    assert "1 deck, 4 cards: 0 errors" in watched.out
    assert (watched.code, "checking small.yaml" in watched.err) == (130, True)
    assert ptquiz("watch", "nowhere").code == 2


def test_progress_is_drawn_for_people_alone(ptquiz: Command, deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "4/4" not in ptquiz("--trust", "check", deck, "--no-mutants").err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert "4/4" in ptquiz("--trust", "check", deck, "--no-mutants").err


def test_the_forms_are_those_that_machines_read(ptquiz: Command, deck: Path) -> None:
    deck.write_text(deck.read_text().replace("title: Twice", "titel: Twice"))
    junit = ElementTree.fromstring(ptquiz("check", "--no-run", deck, "--format", "junit").out)
    assert [case.get("type") for case in junit.iter("failure")] == ["unknown-key"]
    assert ptquiz("check", "--no-run", deck, "--format", "github").out.startswith(f"::error file={deck},line=9,col=5")

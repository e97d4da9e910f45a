"""`ptquiz check`, `new`: a deck is proved, or every fault of it is said."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

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

"""`ptquiz check`: a deck is proved, or every problem of it is reported."""

from __future__ import annotations

import json
import os
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


@pytest.mark.jail
@pytest.mark.parametrize("run", ["fresh", "cached"])
def test_what_a_machine_without_a_gpu_cannot_prove_is_listed(ptquiz: Command, cuda_deck: Path, run: str) -> None:
    if run == "cached":
        ptquiz("--trust", "check", cuda_deck)
    result = ptquiz("--trust", "check", cuda_deck)
    assert result.code == 0
    assert (
        f"not proved here: {cuda_deck}: card gpu/all: 2 of 2 checks need a GPU: `out`, `out.device.type`" in result.out
    )
    assert f"not proved here: {cuda_deck}: card gpu/some: 1 of 2 checks needs a GPU: " in result.out
    assert result.out.rstrip().endswith("1 deck, 2 cards: 0 errors, 0 warnings, 2 cards not proved (no GPU)")


@pytest.mark.jail
def test_require_cuda_fails_for_what_was_not_proved(ptquiz: Command, cuda_deck: Path) -> None:
    result = ptquiz("--trust", "check", cuda_deck, "--require-cuda", "--json")
    data = json.loads(result.out)
    assert result.code == 1
    assert [(problem["kind"], problem["path"]) for problem in data["problems"]] == [("needs-cuda", str(cuda_deck))]
    assert data["problems"][0]["message"] == "2 cards were not proved: this machine has no GPU"
    assert [(entry["card"], entry["reason"]) for entry in data["unproved"]] == [
        ("gpu/all", "no GPU"),
        ("gpu/some", "no GPU"),
    ]
    assert data["unproved"][0]["checks"] == ["out", "out.device.type"]


@pytest.mark.jail
def test_require_cuda_passes_a_deck_that_needs_no_gpu(ptquiz: Command, deck: Path, without_gpu: None) -> None:
    result = ptquiz("--trust", "check", deck, "--no-mutants", "--require-cuda")
    assert result.code == 0 and "not proved" not in result.out


def test_require_cuda_contradicts_no_run(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("check", deck, "--no-run", "--require-cuda")
    assert (result.code, result.out) == (2, "")
    assert "leave out one of the two" in result.err


def test_without_a_path_broken_decks_are_checked_too(ptquiz: Command, deck: Path, broken: Path) -> None:
    result = ptquiz("check", "--no-run", "--decks", deck.parent)
    assert result.code == 1
    assert f"error: {broken}:" in result.out and "2 errors" in result.out


def test_without_a_path_a_missing_folder_is_reported(
    ptquiz: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTQUIZ_DECKS", str(tmp_path / "gone"))
    result = ptquiz("check", "--no-run")
    assert result.code == 1 and f"error: {tmp_path / 'gone'}: no such file or folder" in result.out


def test_a_card_of_a_broken_deck_may_be_named_by_after(ptquiz: Command, broken: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(
        "format: 1\ndeck: o\ncards:\n  - {id: a, question: q, solution: x = 1, checks: [x], after: [broken/sum]}\n"
    )
    assert ptquiz("--decks", broken.parent, "check", "--no-run", other).code == 0


def test_reading_alone_needs_no_sandbox(ptquiz: Command, deck: Path) -> None:
    assert ptquiz("check", "--no-run", deck).code == 0


def test_a_path_without_a_deck_exits_2(ptquiz: Command, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    names = ("none", "n" * 300, "pipe.yaml", "loop.yaml")
    for path in (empty, Path("/dev/zero"), *(tmp_path / name for name in names)):
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

"""`ptquiz decks`, and what other commands do with decks that are broken or missing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.commands.conftest import Command


def test_decks_come_from_the_option_and_the_environment(
    ptquiz: Command, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = json.loads(ptquiz("--decks", deck, "decks", "--json").out)
    assert {"deck": "small", "title": "A small deck", "cards": 4, "path": str(deck)} in listed["decks"]
    monkeypatch.setenv("PTQUIZ_DECKS", str(deck.parent))
    assert "small" in ptquiz("decks").out


def test_the_shipped_decks_are_found_from_an_empty_folder(
    ptquiz: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "tensors" in ptquiz("decks").out


@pytest.fixture
def broken(deck: Path) -> Path:
    """A folder with a valid deck and a broken one."""
    (deck.parent / "bad.yaml").write_text("format: 1\ndeck: bad\ncards:\n  - id: a\n    questoin: x\n")
    return deck.parent


def test_a_broken_deck_is_reported_beside_the_valid_ones(ptquiz: Command, broken: Path) -> None:
    result = ptquiz("--decks", broken, "decks")
    assert result.code == 1
    assert "small" in result.out
    assert "bad.yaml:5:5" in result.err and "did you mean `question`" in result.err


@pytest.mark.parametrize(
    "arguments",
    [["due"], [], pytest.param(["study", "--plain"], marks=pytest.mark.jail)],
    ids=" ".join,
)
def test_other_commands_warn_about_a_broken_deck_and_use_the_valid_ones(
    ptquiz: Command, broken: Path, arguments: list[str]
) -> None:
    result = ptquiz("--decks", broken, *arguments)
    assert result.code == 0
    assert "bad.yaml" in result.err and "`ptquiz decks`" in result.err


@pytest.mark.parametrize("arguments", [["decks"], ["due"], ["stats"], ["leeches"], ["orphans"]], ids=" ".join)
def test_commands_name_a_copy_that_is_skipped_and_use_the_deck(
    ptquiz: Command, deck: Path, arguments: list[str]
) -> None:
    copy = deck.with_name("small (conflicted copy 2026-01-01).yaml")
    copy.write_text(deck.read_text(encoding="utf-8").replace("id: twice", "id: once"), encoding="utf-8")
    result = ptquiz("--decks", deck.parent, *arguments)
    assert result.code == 0
    assert result.err.count(str(copy)) == 1 and "a copy of `small.yaml`" in result.err


def test_a_file_of_another_program_is_named_by_decks_and_check_only(ptquiz: Command, deck: Path) -> None:
    foreign = deck.with_name("compose.yaml")
    foreign.write_text("services:\n  web: {image: nginx}\n", encoding="utf-8")
    assert ptquiz("--decks", deck.parent, "due").err == ""
    assert ptquiz("--decks", deck.parent, "decks").err.startswith(f"warning: {foreign}:1:1: not a deck: ")
    for arguments in (["--decks", deck.parent], [deck.parent]):
        result = ptquiz("check", "--no-run", *arguments)
        assert (result.code, result.out.count(str(foreign))) == (0, 1)
    assert ptquiz("check", "--no-run", foreign).code == 1


@pytest.mark.parametrize("arguments", [["decks"], ["due"], ["stats"], ["preview", "small/twice"]], ids=" ".join)
def test_commands_name_an_entry_that_is_no_file(ptquiz: Command, deck: Path, arguments: list[str]) -> None:
    os.mkfifo(pipe := deck.with_name("pipe.yaml"))
    result = ptquiz("--decks", deck.parent, *arguments)
    assert result.err.count(str(pipe)) == 1 and "a named pipe, not a file or folder" in result.err
    report = ptquiz("check", "--no-run", "--decks", deck.parent)
    assert (report.code, report.out.count(str(pipe))) == (0, 1)


@pytest.mark.parametrize("arguments", [[], ["decks"], ["due"], ["check"], ["try", "small/twice"]], ids=" ".join)
def test_a_named_pipe_or_device_exits_2(ptquiz: Command, tmp_path: Path, arguments: list[str]) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", Path("/dev/zero")):
        result = ptquiz("--decks", path, *arguments)
        assert (result.code, result.out, result.err.count(str(path))) == (2, "", 1)


def test_a_missing_path_of_decks_exits_2(ptquiz: Command, tmp_path: Path) -> None:
    result = ptquiz("--decks", tmp_path / "none", "due")
    assert (result.code, result.out) == (2, "")
    assert str(tmp_path / "none") in result.err

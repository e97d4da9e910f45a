"""`ptquiz decks`, and what other commands do with decks that are broken or missing."""

from __future__ import annotations

import json
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


def test_a_missing_path_of_decks_exits_2(ptquiz: Command, tmp_path: Path) -> None:
    result = ptquiz("--decks", tmp_path / "none", "due")
    assert (result.code, result.out) == (2, "")
    assert str(tmp_path / "none") in result.err

"""`ptquiz new`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from tests.commands.conftest import Command


@pytest.mark.jail
def test_a_new_deck_passes_the_check(ptquiz: Command, tmp_path: Path) -> None:
    created = ptquiz("new", "mine", "--title", "Mine: a deck", "--kind", "code", "--kind", "order", "--into", tmp_path)
    path = Path(created.out.strip())
    assert yaml.safe_load(path.read_text())["title"] == "Mine: a deck"
    assert ptquiz("--trust", "check", path).code == 0


def test_an_existing_deck_is_not_overwritten(ptquiz: Command, tmp_path: Path) -> None:
    path = Path(ptquiz("new", "mine", "--into", tmp_path).out.strip())
    before = path.read_bytes()
    assert ptquiz("new", "mine", "--into", tmp_path).code == 2
    assert path.read_bytes() == before


def test_missing_arguments_are_prompted_for_until_they_are_valid(ptquiz: Command, tmp_path: Path) -> None:
    created = ptquiz("new", "--into", tmp_path, stdin="My Deck\nmy-deck\nA title\nWhat it is\nessay\npredict\n")
    deck = yaml.safe_load(Path(created.out.strip()).read_text())
    assert (created.code, deck["title"], deck["description"]) == (0, "A title", "What it is")
    assert [card["kind"] for card in deck["cards"]] == ["predict"]
    assert "use lower-case letters, digits and dashes" in created.err and "essay" in created.err


def test_a_pipe_is_no_folder_for_a_new_deck(ptquiz: Command, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = ptquiz("new", "mine", "--title", "T", "--description", "D", "--into", tmp_path / "pipe")
    assert result.code == 2 and f"{tmp_path / 'pipe'} is not a folder" in result.err

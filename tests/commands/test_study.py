"""`ptquiz study` without a terminal; `--plain` is tested in test_line_mode.py."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import Command


def test_without_a_terminal_study_suggests_plain(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "study")
    assert result.code == 2
    assert "hint: `ptquiz study --plain`" in result.err


def test_an_unknown_deck_exits_2_and_names_the_nearest(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "study", "smal")
    assert (result.code, result.out) == (2, "")
    assert "did you mean `small`?" in result.err

"""`ptquiz` without a command."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import Command


def test_without_a_terminal_a_short_summary_is_printed(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck)
    assert (result.code, result.err) == (0, "")
    assert "0 due" in result.out and "--help" in result.out
    assert len(result.out.splitlines()) < 6

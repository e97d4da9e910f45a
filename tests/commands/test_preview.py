"""`ptquiz preview` without a terminal."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import Command


def test_without_a_terminal_preview_suggests_try(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "preview", "small/twice")
    assert result.code == 2
    assert "ptquiz try small/twice" in result.err


def test_preview_names_a_deck_that_is_skipped(ptquiz: Command, deck: Path, broken: Path) -> None:
    result = ptquiz("--decks", deck.parent, "preview", "small/twice")
    assert result.err.count(f"warning: skipped {broken} ") == 1


def test_a_preview_of_an_unknown_card_names_the_nearest(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "preview", "small/twise")
    assert result.code == 2
    assert "did you mean `small/twice`?" in result.err

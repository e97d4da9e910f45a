"""`ptquiz rebuild`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Command, review_one_card


@pytest.mark.jail
def test_a_rebuild_gives_the_same_memories(ptquiz: Command, deck: Path) -> None:
    review_one_card(ptquiz, deck)
    before = ptquiz("--decks", deck, "due", "--json").out
    assert ptquiz("rebuild").out == "1 memory rebuilt from the review log\n"
    assert ptquiz("--decks", deck, "due", "--json").out == before


def test_a_rebuild_of_an_empty_log_does_nothing(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "rebuild")
    assert (result.code, result.err) == (0, "")
    assert result.out == "0 memories rebuilt from the review log\n"

"""`ptquiz undo`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Command, count_learned, review_one_card


@pytest.mark.jail
def test_an_undone_review_no_longer_counts_and_stays_in_the_log(ptquiz: Command, deck: Path) -> None:
    review_one_card(ptquiz, deck)
    assert count_learned(ptquiz, deck) == 1
    undone = ptquiz("undo")
    assert undone.code == 0 and "small/twice" in undone.out
    assert count_learned(ptquiz, deck) == 0
    assert "small/twice" in ptquiz("export", "--format", "csv").out
    assert "nothing more to undo" in ptquiz("undo").err


def test_undo_on_an_empty_log_changes_nothing(ptquiz: Command) -> None:
    result = ptquiz("undo", "3")
    assert (result.code, result.out, result.err) == (0, "", "nothing more to undo\n")

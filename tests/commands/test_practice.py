"""`ptquiz practice`, and its name in version 0.1.0."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Command, review_one_card


@pytest.mark.jail
def test_practice_changes_no_due_date(ptquiz: Command, deck: Path) -> None:
    review_one_card(ptquiz, deck)
    before = ptquiz("--decks", deck, "due", "--json").out
    practised = ptquiz(
        "--trust", "--decks", deck, "practice", "small", "--level", "1", "--plain", stdin="y = 2 * x\n.\n\nq\n"
    )
    assert practised.code == 0 and "practised 1 card: 1 passed, 0 min; no due date has changed\n" in practised.out
    assert "next card" not in practised.out
    assert ptquiz("--decks", deck, "due", "--json").out == before


@pytest.mark.jail
def test_practice_without_matching_cards_ends_at_once(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "cram", "--forgotten", "--plain")
    assert result.code == 0 and result.out.endswith("\nno card was practised\n")


def test_an_unknown_tag_exits_2(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "cram", "--tag", "no-such-tag", "--plain")
    assert (result.code, result.out) == (2, "")
    assert "no card has the tag `no-such-tag`" in result.err and "hint: " in result.err


def test_without_a_terminal_cram_suggests_plain(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "practice")
    assert result.code == 2 and "`ptquiz practice --plain` asks line by line" in result.err

"""`ptquiz orphans`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Command, review_one_card


@pytest.mark.jail
def test_a_removed_card_is_listed_with_its_history(ptquiz: Command, deck: Path) -> None:
    review_one_card(ptquiz, deck)
    deck.write_text(deck.read_text().replace("id: twice", "id: double"))
    (orphan,) = json.loads(ptquiz("--decks", deck, "orphans", "--json").out)
    assert (orphan["card"], orphan["reviews"]) == ("small/twice", 1)
    assert ptquiz("--decks", deck, "orphans").out.startswith("small/twice  1 review, last ")


def test_without_orphans_nothing_is_listed(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "orphans")
    assert (result.code, result.out, result.err) == (0, "", "every card with a history is in a deck\n")

"""`ptquiz stats`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Command, review_one_card


@pytest.mark.jail
def test_statistics_are_one_json_object_or_a_report(ptquiz: Command, deck: Path) -> None:
    review_one_card(ptquiz, deck)
    data = json.loads(ptquiz("--decks", deck, "stats", "--json").out)
    assert data["reviews"] == 1
    report = ptquiz("--decks", deck, "stats")
    assert (report.code, report.err) == (0, "") and report.out

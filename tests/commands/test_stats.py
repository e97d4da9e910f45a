"""`ptquiz stats`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizapp.review.memory import Rating
from tests.commands.conftest import Command, review_one_card
from tests.review.harness import StudyHarness, exported, make_library


@pytest.mark.jail
def test_statistics_are_one_json_object_or_a_report(ptquiz: Command, deck: Path) -> None:
    review_one_card(ptquiz, deck)
    data = json.loads(ptquiz("--decks", deck, "stats", "--json").out)
    assert data["reviews"] == 1
    report = ptquiz("--decks", deck, "stats")
    assert (report.code, report.err) == (0, "") and report.out


def test_an_imported_history_has_hardest_and_slowest_cards(ptquiz: Command, deck: Path, tmp_path: Path) -> None:
    study = StudyHarness(tmp_path / "other", make_library("small/twice"))
    study.learn("small/twice")
    study.clock.advance(days=30)
    study.review("small/twice", Rating.AGAIN)
    (tmp_path / "all.json").write_text(exported(study.store), encoding="utf-8")
    study.store.close()
    assert ptquiz("import", tmp_path / "all.json").code == 0
    data = json.loads(ptquiz("--decks", deck, "stats", "--json").out)
    assert [[card["card"] for card in data[key]] for key in ("hardest", "slowest")] == [["small/twice"]] * 2

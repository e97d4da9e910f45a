"""`ptquiz due`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import Command
from tests.review.harness import StudyHarness, make_library


def test_new_cards_are_counted(ptquiz: Command, deck: Path) -> None:
    data = json.loads(ptquiz("--decks", deck, "due", "--json").out)
    small = next(entry for entry in data["decks"] if entry["deck"] == "small")
    assert (small["due"], small["new"], small["learned"]) == (0, 4, 0)
    assert data["next_due"] is None


def test_cards_that_wait_for_cuda_are_listed(ptquiz: Command, deck: Path, home: Path) -> None:
    study = StudyHarness(home, make_library("small/twice"))
    session = study.session()
    session.next()
    session.submit("deferred")
    study.store.close()
    assert "waiting for CUDA: small/twice" in ptquiz("--decks", deck, "due").out
    assert json.loads(ptquiz("--decks", deck, "due", "--json").out)["waiting_for_cuda"] == ["small/twice"]
    assert json.loads(ptquiz("--decks", deck, "stats", "--json").out)["waiting"] == ["small/twice"]

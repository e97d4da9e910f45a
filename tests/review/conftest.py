"""Fixtures of the review tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quizapp.decks.card import Card
from quizapp.settings import Settings
from tests.review.harness import MakeStudy, StudyHarness, make_library


@pytest.fixture
def make_study(tmp_path: Path) -> Iterator[MakeStudy]:
    """A function that makes a store, given cards and settings."""
    made: list[StudyHarness] = []

    def make(*cards: Card | str, **settings: Any) -> StudyHarness:
        made.append(StudyHarness(tmp_path / str(len(made)), make_library(*cards), Settings(**settings)))
        return made[-1]

    yield make
    for study in made:
        study.store.close()

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quizapp.decks.card import Card
from quizapp.settings import Settings
from tests.review.world import World, shelf


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Makes a world with these cards and settings."""
    made: list[World] = []

    def make(*cards: Card | str, **settings: Any) -> World:
        made.append(World(tmp_path / str(len(made)), shelf(*cards), Settings(**settings)))
        return made[-1]

    yield make
    for each in made:
        each.store.close()

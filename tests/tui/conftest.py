from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quizapp.decks.card import Card, Deck
from quizapp.settings import Settings
from tests.tui.harness import Harness, deck


@pytest.fixture
def make_harness(tmp_path: Path) -> Iterator[Callable[..., Harness]]:
    """Makes a stage with these cards or decks; its sandbox is warm."""
    made: list[Harness] = []

    def make(*parts: Card | Deck, **settings: Any) -> Harness:
        decks: dict[str, Deck] = {}
        for part in parts:
            if isinstance(part, Deck):
                decks[part.slug] = part
            else:
                before = decks[part.deck].cards if part.deck in decks else ()
                decks[part.deck] = deck(*before, part)
        folder = tmp_path / f"harness{len(made)}"
        made.append(Harness(folder, tuple(decks.values()), Settings(**settings)))
        made[-1].sandbox.warmed.set()
        return made[-1]

    yield make
    for each in made:
        each.store.close()

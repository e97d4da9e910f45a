"""Fixtures of the screens' tests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quizapp.decks.card import Card, Deck
from quizapp.settings import Settings
from tests.tui.harness import Harness, MakeHarness, deck


@pytest.fixture
def make_harness(tmp_path: Path) -> Iterator[MakeHarness]:
    """Return a function that makes a harness with these cards or decks and a ready sandbox."""
    harnesses: list[Harness] = []

    def make(*parts: Card | Deck, **settings: Any) -> Harness:
        decks: dict[str, Deck] = {}
        for part in parts:
            if isinstance(part, Deck):
                decks[part.slug] = part
            else:
                before = decks[part.deck].cards if part.deck in decks else ()
                decks[part.deck] = deck(*before, part)
        harness = Harness(tmp_path / f"harness{len(harnesses)}", tuple(decks.values()), Settings(**settings))
        harness.sandbox.warmed.set()
        harnesses.append(harness)
        return harness

    yield make
    for harness in harnesses:
        harness.store.close()


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the local time zone, in which screens show times, to UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()

"""What the commands call: open with the day's backup, export, import."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Literal

import pytest

from quizapp.review.store import Store
from quizapp.review.store.backups import backups
from quizapp.review.store_access import export_reviews, import_reviews, open_store
from quizapp.settings import Locations, Settings
from tests.review.world import MORNING, World

Make = Callable[..., World]


def test_opening_makes_the_days_backup_once_there_is_something_to_keep(world: Make) -> None:
    here = world("a/one")
    where = Locations(here.folder / "settings.toml", here.folder)
    open_store(where, Settings(), MORNING, UTC).close()
    assert backups(where.backups) == []
    here.learn("a/one")
    for _ in range(2):
        open_store(where, Settings(), MORNING, UTC).close()
    assert [path.name for path in backups(where.backups)] == ["reviews-2026-03-02.db"]


def test_a_backup_that_fails_keeps_nobody_from_studying(world: Make) -> None:
    here = world("a/one")
    here.learn("a/one")
    (here.folder / "backups").write_text("in the way")
    where = Locations(here.folder / "settings.toml", here.folder)
    with open_store(where, Settings(), MORNING, UTC) as store:
        assert store.cards.memory("a/one")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_an_export_taken_in_gives_the_same_memories(world: Make, tmp_path: Path, form: Literal["json", "csv"]) -> None:
    here = world("a/one", "a/two")
    here.learn("a/one", "a/two")
    out = io.StringIO()
    export_reviews(here.store, out, form)
    with Store(tmp_path / "other.db") as other:
        assert import_reviews(other, io.StringIO(out.getvalue()), form, here.settings) == 2
        assert other.cards.memories() == here.store.cards.memories()
        assert import_reviews(other, io.StringIO(out.getvalue()), form, here.settings) == 0

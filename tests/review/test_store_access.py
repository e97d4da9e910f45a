"""Opening with the daily backup, export and import."""

from __future__ import annotations

import io
from datetime import UTC
from pathlib import Path
from typing import Literal

import pytest

from quizapp.review.store import Store
from quizapp.review.store.backup_files import list_backups
from quizapp.review.store_access import export_reviews, import_reviews, open_store
from quizapp.settings import Locations, Settings
from tests.review.harness import MORNING, MakeStudy


def test_opening_makes_one_backup_per_day_of_a_store_with_entries(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    where = Locations(study.folder / "settings.toml", study.folder)
    open_store(where, Settings(), MORNING, UTC).close()
    assert list_backups(where.backups) == []
    study.learn("a/one")
    for _ in range(2):
        open_store(where, Settings(), MORNING, UTC).close()
    assert [path.name for path in list_backups(where.backups)] == ["reviews-2026-03-02.db"]


def test_a_failing_backup_does_not_block_studying(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    study.learn("a/one")
    (study.folder / "backups").write_text("in the way")
    where = Locations(study.folder / "settings.toml", study.folder)
    with open_store(where, Settings(), MORNING, UTC) as store:
        assert store.cards.memory("a/one")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_an_imported_export_gives_the_same_memories(
    make_study: MakeStudy, tmp_path: Path, form: Literal["json", "csv"]
) -> None:
    study = make_study("a/one", "a/two")
    study.learn("a/one", "a/two")
    out = io.StringIO()
    export_reviews(study.store, out, form)
    with Store(tmp_path / "other.db") as other:
        assert import_reviews(other, io.StringIO(out.getvalue()), form, study.settings) == 2
        assert other.cards.memories() == study.store.cards.memories()
        assert import_reviews(other, io.StringIO(out.getvalue()), form, study.settings) == 0

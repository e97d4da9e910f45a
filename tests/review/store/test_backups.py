"""Backups, their rotation, and restoring."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from quizapp.errors import StoreError, UsageError
from quizapp.review.store import Store
from quizapp.review.store.backups import back_up, backup_daily, days_to_keep, list_backups, restore_backup
from tests.review.harness import MakeStudy, exported, record_history

TODAY = date(2026, 3, 2)


def test_a_backup_is_restored_and_the_replaced_store_is_kept(make_study: MakeStudy) -> None:
    study = record_history(make_study)
    safe = back_up(study.store, study.folder / "elsewhere" / "safe.db")
    before = exported(study.store)
    study.review("a/three")
    later = exported(study.store)
    aside = restore_backup(study.store.path, safe)
    assert exported(study.store) == before  # also through the connection opened earlier
    assert aside
    with Store(aside) as replaced:
        assert exported(replaced) == later


def test_a_backup_is_restored_where_no_store_exists(make_study: MakeStudy, tmp_path: Path) -> None:
    study = record_history(make_study)
    safe = back_up(study.store, tmp_path / "safe.db")
    assert restore_backup(tmp_path / "new" / "reviews.db", safe) is None
    with Store(tmp_path / "new" / "reviews.db") as store:
        assert exported(store) == exported(study.store)


def test_only_a_valid_backup_is_restored(make_study: MakeStudy, tmp_path: Path) -> None:
    study = record_history(make_study)
    before = exported(study.store)
    text, empty, future = (tmp_path / name for name in ("text", "empty.db", "future.db"))
    text.write_text("no database at all, but long enough to be read as one" * 20)
    empty.touch()
    back_up(study.store, future)
    with closing(sqlite3.connect(future)) as file:
        file.execute("pragma user_version = 999")
    for source in (text, empty, future, tmp_path / "missing"):
        with pytest.raises((StoreError, UsageError)):
            restore_backup(study.store.path, source)
    assert exported(study.store) == before


def test_the_store_is_not_copied_over_itself(make_study: MakeStudy) -> None:
    study = record_history(make_study)
    before = exported(study.store)
    with pytest.raises(UsageError, match="itself"):
        back_up(study.store, study.store.path)
    with pytest.raises(UsageError, match="itself"):
        restore_backup(study.store.path, study.store.path)
    assert exported(study.store) == before


def test_there_is_one_backup_per_day(make_study: MakeStudy, tmp_path: Path) -> None:
    study = record_history(make_study)
    first = backup_daily(study.store, tmp_path, TODAY)
    assert first and first.name == "reviews-2026-03-02.db"
    assert backup_daily(study.store, tmp_path, TODAY) is None
    for day in range(1, 100):
        backup_daily(study.store, tmp_path, TODAY + timedelta(days=day))
    assert len(list_backups(tmp_path)) == len(days_to_keep(TODAY + timedelta(days=day) for day in range(100)))
    assert list(tmp_path.glob(".*")) == []


def test_the_rotation_keeps_days_weeks_and_months() -> None:
    keep = days_to_keep(TODAY + timedelta(days=day) for day in range(400))
    newest = TODAY + timedelta(days=399)
    assert {newest - timedelta(days=back) for back in range(7)} <= keep
    assert 12 <= len({(day.year, day.month) for day in keep}) <= 13
    assert len(keep) <= 7 + 4 + 12

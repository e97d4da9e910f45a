"""Backups, their rotation, and restoring."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from quizapp.errors import DamagedError, StoreError, UsageError
from quizapp.review.store import Store
from quizapp.review.store.backup_files import describe_backup, list_backups
from quizapp.review.store.backups import back_up, backup_daily, days_to_keep
from quizapp.review.store.restoration import restore_backup
from tests.review.harness import MakeStudy, damage, exported, record_history

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


def test_backups_are_listed_by_the_dates_in_their_names(make_study: MakeStudy, tmp_path: Path) -> None:
    study = record_history(make_study)
    names = [
        "manual-20260302-180000.db",
        "reviews-2026-03-02.db",
        "manual-20260301-090000.db",
        "reviews-2025-12-31.db",
        "copy.db",
    ]
    for age, name in enumerate(reversed(names)):
        back_up(study.store, tmp_path / name)
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    assert [path.name for path in list_backups(tmp_path)] == names


@pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
def test_a_damaged_backup_is_marked_and_refused(make_study: MakeStudy, tmp_path: Path, share: float) -> None:
    study = record_history(make_study)
    before = exported(study.store)
    copy = back_up(study.store, tmp_path / "reviews-2026-03-02.db")
    assert describe_backup(copy).startswith("3 reviews, the last 2026-03-22")
    copy.write_bytes(copy.read_bytes()[: int(copy.stat().st_size * share)] or b"SQLite format 3\0")
    assert describe_backup(copy) == "damaged"
    with pytest.raises(StoreError) as raised:
        restore_backup(study.store.path, copy)
    assert raised.value.message == f"{copy} is damaged" and "another backup" in (raised.value.hint or "")
    assert exported(study.store) == before


def test_a_damaged_store_neither_replaces_a_backup_nor_starts_the_rotation(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    study = record_history(make_study)
    for day in range(20):
        back_up(study.store, tmp_path / f"reviews-{TODAY - timedelta(days=day)}.db")
    good = {path: path.read_bytes() for path in tmp_path.glob("*.db")}
    study.store.close()
    damage(study.store.path)
    with Store(study.store.path) as store:
        for target in (TODAY, TODAY + timedelta(days=1)):
            with pytest.raises(DamagedError, match="no backup was made"):
                back_up(store, tmp_path / f"reviews-{target}.db")
        with pytest.raises(DamagedError):
            backup_daily(store, tmp_path, TODAY + timedelta(days=1))
    assert {path: path.read_bytes() for path in tmp_path.glob("*.db")} == good
    assert list(tmp_path.glob(".*")) == []

"""Migrations."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quizapp.errors import StoreError
from quizapp.review.store import Store
from quizapp.review.store.migrate import migrate, migrations, schema_version
from tests.review.harness import MakeStudy


def test_a_store_of_a_newer_version_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    with closing(sqlite3.connect(path)) as future:
        future.execute("create table log (everything)")
        future.execute("pragma user_version = 999")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer ptquiz") as raised:
        Store(path)
    assert "upgrade" in str(raised.value.hint)
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_migration_makes_a_copy_first(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study("deck/one")
    study.learn("deck/one")
    path = study.store.path
    study.store.close()
    script = tmp_path / "0099_later.sql"
    script.write_text("create table later (id integer primary key) strict;\ndrop table drafts;\n")
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        version = schema_version(file)
        migrate(file, path, (*migrations(), (99, script)))
        assert schema_version(file) == 99
    copy = path.with_name(f"{path.name}.v{version}.bak")
    with Store(copy) as old:
        assert len(old.log.reviews()) == 1


def test_a_failed_migration_leaves_the_file_unchanged(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study("deck/one")
    script = tmp_path / "0099_later.sql"
    script.write_text("create table later (id integer primary key) strict;\ncreate table cards (id);\n")
    with closing(sqlite3.connect(study.store.path, isolation_level=None)) as file:
        version = schema_version(file)
        with pytest.raises(sqlite3.OperationalError):
            migrate(file, study.store.path, (*migrations(), (99, script)))
        assert schema_version(file) == version
        assert file.execute("select count(*) from sqlite_master where name = 'later'").fetchone() == (0,)

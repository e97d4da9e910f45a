"""Durability: killed processes, full disks, locks, read-only and damaged files."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from quizapp.errors import StoreError
from quizapp.review.memory import Rating
from quizapp.review.store import Store
from quizapp.review.store.backups import back_up
from quizapp.review.store.restoration import restore_backup
from quizapp.review.store.sqlite_errors import SqliteErrors
from tests.review.harness import FailingConnection, MakeStudy, StudyHarness, make_library

ROOT = Path(__file__).parents[3]


def start(name: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a program of this folder."""
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.review.store.{name}", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def output(process: subprocess.Popen[str]) -> list[str]:
    """Wait for a program and return the lines that it printed."""
    printed, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return printed.splitlines()


@pytest.mark.slow
def test_killing_300_sessions_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    (line,) = output(start("kill_sessions", tmp_path, 300, 1))
    assert line.startswith("300 sessions killed")


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = [start("write_reviews", tmp_path, "deck/one", 100, 0) for _ in range(2)]
    assert [output(writer) for writer in writers] == [["100"], ["100"]]
    with Store(tmp_path / "reviews.db") as store:
        assert len(store.log.reviews()) == 200
        memory = store.cards.memory("deck/one")
        assert memory and memory.reps == 200


def test_a_full_disk_is_reported_and_acknowledged_reviews_are_kept(tmp_path: Path) -> None:
    message, hint, acknowledged = output(start("write_reviews", tmp_path, "deck/one", 100_000, 300_000))
    assert "reviews.db" in message and hint
    with Store(tmp_path / "reviews.db") as store:
        assert len(store.log.reviews()) == int(acknowledged) > 0
        assert store.database.rows("pragma integrity_check") == [("ok",)]


def test_a_rating_can_be_repeated_after_a_full_disk(make_study: MakeStudy) -> None:
    study = make_study("deck/one")
    session = study.session()
    session.next()
    session.submit("right")
    pages = study.store.database.rows("pragma page_count")[0][0]
    study.store.database.rows(f"pragma max_page_count = {pages}")
    with pytest.raises(StoreError, match="disk is full"):
        for number in range(200):
            study.store.drafts.save_draft("deck/one", str(number) * 4000, study.clock())
    study.store.database.rows("pragma max_page_count = 1000000")
    session.rate(Rating.GOOD)
    assert len(study.store.log.reviews()) == 1


def test_a_rating_can_be_repeated_after_a_lock(make_study: MakeStudy) -> None:
    study = make_study("deck/one")
    study.store.close()
    study.store = Store(study.folder / "reviews.db", timeout=0.01)
    session = study.session()
    session.next()
    session.submit("right")
    with closing(sqlite3.connect(study.store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match="in use"):
            session.rate(Rating.GOOD)
        assert session.is_rateable
        other.execute("rollback")
    session.rate(Rating.GOOD)
    assert len(study.store.log.reviews()) == 1


def test_an_interrupt_at_the_start_of_a_write_leaves_the_store_usable(make_study: MakeStudy) -> None:
    study = make_study("deck/one")
    database = study.store.database
    failing = FailingConnection(database._connection, "begin immediate", KeyboardInterrupt())
    database._transaction._connection = failing  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        study.store.cards.set_waiting("deck/one")
    study.store.cards.set_waiting("deck/one")
    assert study.store.cards.flags("deck/one").waiting


def test_nothing_is_written_after_a_nested_transaction_failed(make_study: MakeStudy) -> None:
    study = make_study("deck/one")
    with pytest.raises(AssertionError, match="into a transaction"), study.store.database.transaction():
        study.store.cards.set_waiting("deck/one")
        with suppress(ValueError), study.store.database.transaction():
            raise ValueError
        study.store.cards.ensure_id("deck/never")
    assert not study.store.cards.flags("deck/one").waiting


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of this machine can read."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_file_can_be_read_and_refuses_reviews(open_folder: Path) -> None:
    study = StudyHarness(open_folder, make_library("deck/one"))
    study.review("deck/one")
    study.store.close()
    (open_folder / "reviews.db").chmod(0o444)
    open_folder.chmod(0o555)
    message, hint, acknowledged = output(start("write_reviews", open_folder, "deck/one", 1, 0, 1))
    assert message.endswith("reviews.db is read-only")
    assert "writable" in hint and acknowledged == "0"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.95])
def test_a_truncated_file_is_refused_and_can_be_restored_from_a_backup(make_study: MakeStudy, share: float) -> None:
    study = make_study(*(f"deck/c{number}" for number in range(30)))
    study.learn(*(f"deck/c{number}" for number in range(30)))
    path, safe = study.store.path, study.folder / "safe.db"
    memories = study.store.cards.memories()
    back_up(study.store, safe)
    study.store.close()
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)] or b"not a database, but a text of some length" * 10)
    with pytest.raises(StoreError, match="damaged"), Store(path) as store:
        store.log.reviews()
        store.cards.memories()
        store.cards.sync(study.library.cards(), "another stamp")
    aside = restore_backup(path, safe)
    assert aside and aside.exists()
    with Store(path) as store:
        assert store.cards.memories() == memories


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError):
        Store(tmp_path / "file" / "reviews.db")


@pytest.mark.parametrize(("free", "message"), [(0, "the disk is full"), (1 << 30, "the disk reports an error")])
def test_an_error_of_the_disk_is_that_it_is_full_if_it_is(
    free: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=free))
    with pytest.raises(StoreError, match=message), SqliteErrors(tmp_path / "reviews.db"):
        raise sqlite3.OperationalError("disk I/O error")

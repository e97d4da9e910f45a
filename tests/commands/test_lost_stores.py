"""A store that lost reviews which a backup still contains is never taken for a new one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from quizapp.review.store import Store
from tests.commands.conftest import NAMES, Command, Result
from tests.review.harness import StudyHarness, make_library


def remove(store: Path) -> None:
    store.unlink()


def empty(store: Path) -> None:
    store.write_bytes(b"")


def leave_one_byte(store: Path) -> None:
    store.write_bytes(b"S")


def truncate(store: Path) -> None:
    store.write_bytes(store.read_bytes()[: store.stat().st_size // 2])


def replace_by_a_younger_one(store: Path) -> None:
    store.unlink()
    record_few(store.parent).store.close()


def remove_the_write_ahead_log(store: Path) -> None:
    """Leave a store whose reviews were only in the log beside it, as when that is deleted after a crash."""
    study = record_few(store.parent / "crashed")
    shutil.copy(study.store.path, store)
    study.store.close()
    shutil.rmtree(store.parent / "crashed")


def add_a_stale_write_ahead_log(store: Path) -> None:
    """Put the log of another store beside this one, as when only the store is copied over a crashed one."""
    study = record_few(store.parent / "crashed")
    shutil.copy(f"{study.store.path}-wal", f"{store}-wal")
    study.store.close()
    shutil.rmtree(store.parent / "crashed")


def record_few(folder: Path) -> StudyHarness:
    study = StudyHarness(folder, make_library(*NAMES))
    study.learn(*NAMES[:3])
    return study


LOSSES: dict[Callable[[Path], None], str] = {
    remove: "is missing",
    empty: "is empty",
    leave_one_byte: "is empty",
    truncate: "is damaged",
    replace_by_a_younger_one: "contains 3 log entries",
    remove_the_write_ahead_log: "is empty",
    add_a_stale_write_ahead_log: "contains 3 log entries",
}
EVERY_LOSS = pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: lose.__name__)


@pytest.fixture
def backup(ptquiz: Command, store: Path) -> Path:
    """The daily backup of the store."""
    assert ptquiz("orphans").code == 0
    (path,) = (store.parent / "backups").iterdir()
    return path


def files(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.iterdir() if path.is_file() and path.suffix != ".db-shm"}


def assert_refused(result: Result, store: Path, backup: Path, what: str) -> None:
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: {store} {what}") and f"`ptquiz restore {backup}`" in result.err
    assert "Traceback" not in result.err


@EVERY_LOSS
@pytest.mark.parametrize("command", ["due", "undo", "export", "backup", "stats"])
def test_every_command_names_the_backup_and_writes_nothing(
    ptquiz: Command, store: Path, backup: Path, lose: Callable[[Path], None], command: str
) -> None:
    lose(store)
    before = files(store.parent)
    assert_refused(ptquiz(command), store, backup, LOSSES[lose])
    assert files(store.parent) == before
    assert list(backup.parent.iterdir()) == [backup]


@EVERY_LOSS
def test_the_named_backup_brings_the_reviews_back(
    ptquiz: Command, store: Path, backup: Path, lose: Callable[[Path], None]
) -> None:
    lose(store)
    assert ptquiz("restore", backup).code == 0
    assert ptquiz("due").code == 0
    assert ptquiz("export", "--format", "csv").out.count("\nreview,") == len(NAMES)


def test_a_screen_does_not_open(ptquiz: Command, store: Path, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.commands.start.has_screen", lambda: True)
    monkeypatch.setattr("quizapp.tui.app.run", lambda *arguments: pytest.fail("the screen was opened"))
    store.unlink()
    for command in ((), ("study",)):
        assert_refused(ptquiz(*command), store, backup, "is missing")


@pytest.mark.parametrize("lose", [remove, replace_by_a_younger_one])
def test_moving_the_folder_of_backups_away_allows_a_new_start(
    ptquiz: Command, store: Path, backup: Path, lose: Callable[[Path], None]
) -> None:
    lose(store)
    assert "to go on without it, move the folder" in ptquiz("due").err
    backup.parent.rename(store.parent / "old")
    assert ptquiz("due").code == 0


def test_an_older_backup_that_is_restored_on_purpose_is_used(ptquiz: Command, store: Path, backup: Path) -> None:
    older = store.parent / "backups" / "reviews-2020-01-01.db"
    record_few(store.parent / "crashed").store.close()
    shutil.copy(store.parent / "crashed" / "reviews.db", older)
    assert ptquiz("restore", older).code == 0
    assert ptquiz("due").code == 0
    store.unlink()
    assert_refused(ptquiz("due"), store, backup, "is missing")


def test_a_damaged_backup_is_passed_over(ptquiz: Command, store: Path, backup: Path) -> None:
    (backup.parent / "reviews-2099-01-01.db").write_bytes(b"not a database, but a text of some length" * 10)
    assert ptquiz("due").code == 0
    store.unlink()
    assert_refused(ptquiz("due"), store, backup, "is missing")


def test_the_file_under_a_stale_log_is_kept_when_a_backup_is_restored(
    ptquiz: Command, store: Path, backup: Path
) -> None:
    add_a_stale_write_ahead_log(store)
    assert ptquiz("restore", backup).code == 0
    kept = store.with_name("reviews.db.replaced")
    kept.with_name("reviews.db.replaced-wal").unlink()
    with Store(kept) as found:
        assert len(found.log.reviews()) == len(NAMES)


def test_the_log_of_a_missing_store_is_kept_when_a_backup_is_restored(
    ptquiz: Command, store: Path, backup: Path
) -> None:
    add_a_stale_write_ahead_log(store)
    log = store.with_name("reviews.db-wal").read_bytes()
    store.unlink()
    assert ptquiz("restore", backup).code == 0
    assert store.with_name("reviews.db.replaced-wal").read_bytes() == log

"""Errors of a store that cannot be used: message, hint and exit code 2, and no review is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quizapp.review.memory import Rating
from quizapp.review.store import Store
from tests.commands.conftest import Command, Result
from tests.review.harness import StudyHarness, damage, make_library

ROOT = Path(__file__).parents[2]
COMMANDS = (("undo",), ("rebuild",), ("export",), ("backup",), ("stats",), ("due",))


@pytest.fixture
def short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait only 10 ms for a lock."""
    monkeypatch.setattr(Store.__init__, "__defaults__", (0.01,))
    monkeypatch.setattr("quizapp.review.store.restoration.WRITE_TIMEOUT", 0.01)


def count_reviews(path: Path) -> int:
    """Return how many reviews an intact store contains."""
    with Store(path) as store:
        assert store.database.rows("pragma integrity_check") == [("ok",)]
        return len(store.log.reviews())


def assert_error(result: Result, message: str, hint: str) -> None:
    assert result.code == 2
    assert f"reviews.db {message}" in result.err and f"hint: {hint}" in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
def test_every_command_reports_a_damaged_store(ptquiz: Command, store: Path, command: tuple[str, ...]) -> None:
    intact = store.read_bytes()
    store.write_bytes(intact[: len(intact) // 3])
    assert_error(ptquiz(*command), "is damaged", "`ptquiz restore` restores a backup")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
def test_every_command_reports_a_newer_store_and_leaves_it_unchanged(
    ptquiz: Command, store: Path, command: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(store)) as file:
        file.execute("pragma user_version = 999")
    before = store.read_bytes()
    assert_error(ptquiz(*command), "was written by a newer ptquiz", "upgrade ptquiz")
    assert store.read_bytes() == before


def test_a_daily_backup_replaces_a_damaged_store_which_is_kept_beside_it(ptquiz: Command, store: Path) -> None:
    assert ptquiz("orphans").code == 0  # the first start of the day makes the backup
    listed = ptquiz("restore")
    copy, _, description = listed.out.splitlines()[0].partition("  ")
    assert description.startswith("30 reviews, the last 2026-03-02")
    store.write_bytes(b"not a database" * 100)
    assert ptquiz("undo").code == 2
    restored = ptquiz("restore", copy)
    assert restored.code == 0 and "reviews.db.replaced" in restored.err
    assert count_reviews(store) == 30
    assert (store.parent / "reviews.db.replaced").read_bytes().startswith(b"not a database")


@pytest.mark.usefixtures("short_timeout")
def test_a_locked_store_can_be_read_and_rejects_changes_with_an_error(ptquiz: Command, store: Path) -> None:
    assert ptquiz("backup", store.parent / "copy.db").code == 0
    with closing(sqlite3.connect(store, isolation_level=None)) as writer:
        writer.execute("begin immediate")
        for command in (("undo",), ("rebuild",), ("restore", store.parent / "copy.db")):
            assert_error(ptquiz(*command), "is in use by another program", "close the other ptquiz")
        assert ptquiz("export").out.count('"kind": "review"') == 30
        writer.execute("rollback")
    assert ptquiz("undo").code == 0
    assert count_reviews(store) == 30


def run_program(home: Path, *arguments: object, prefix: tuple[str, ...] = ()) -> Result:
    """Run `confined.py` in a new process, started by the command `prefix`."""
    process = subprocess.run(
        [*prefix, sys.executable, "-m", "tests.commands.confined", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PTQUIZ_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Result(process.returncode, process.stdout, process.stderr)


@pytest.fixture
def open_folder(store: Path) -> Iterator[Path]:
    """A home with the same store that any user of this machine may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    shutil.copy(store, folder)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o555), (0o444, 0o777), (0o666, 0o555)])
def test_a_read_only_store_can_be_read_and_rejects_changes_with_an_error(
    open_folder: Path, file_mode: int, folder_mode: int
) -> None:
    path = open_folder / "reviews.db"
    path.chmod(file_mode)
    open_folder.chmod(folder_mode)
    exported = run_program(open_folder, "--as-nobody", "export", "--format", "csv")
    assert (exported.code, exported.out.count("\nreview,")) == (0, 30), exported
    undone = run_program(open_folder, "--as-nobody", "undo")
    assert_error(undone, "is read-only", "make the file and its folder writable")
    open_folder.chmod(0o755)
    path.chmod(0o644)
    assert count_reviews(path) == 30


def loop(path: Path) -> None:
    path.symlink_to(path)


def device(path: Path) -> None:
    path.symlink_to(os.devnull)


IN_PLACE: dict[Callable[[Path], None], str] = {
    Path.mkdir: "a folder, not a file",
    loop: "a link that leads back to itself",
    os.mkfifo: "a named pipe, not a file",
    device: "a device, not a file",
}


@pytest.mark.parametrize("suffix", ["", "-wal"])
@pytest.mark.parametrize("create", IN_PLACE, ids=lambda create: create.__name__)
def test_what_is_in_place_of_a_file_of_the_store_is_named_and_moved_by_restore(
    ptquiz: Command, store: Path, create: Callable[[Path], None], suffix: str
) -> None:
    copy = store.parent / "copy.db"
    shutil.copy(store, copy)
    found = store.with_name(store.name + suffix)
    found.unlink(missing_ok=True)
    create(found)
    for command in COMMANDS:
        result = ptquiz(*command)
        assert (result.code, result.err.splitlines()[0]) == (2, f"error: {found} is {IN_PLACE[create]}"), command
    assert ptquiz("restore", copy).code == 0
    assert count_reviews(store) == 30
    assert os.path.lexists(store.with_name(f"{store.name}.replaced{suffix}"))


def test_a_pipe_that_may_only_be_read_is_not_waited_for(open_folder: Path) -> None:
    open_folder.chmod(0o777)
    (open_folder / "backups").mkdir()
    for pipe in (open_folder / "backups" / "reviews-2026-01-01.db", open_folder / "reviews.db"):
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe, 0o444)
    result = run_program(open_folder, "--as-nobody", "export")
    assert_error(result, "is a named pipe, not a file", "move it away")
    listed = run_program(open_folder, "--as-nobody", "restore")
    assert (listed.code, listed.out) == (0, f"{open_folder}/backups/reviews-2026-01-01.db  not a file\n")


@pytest.mark.parametrize("command", ["export", "undo", "restore"])
def test_a_folder_that_may_not_be_written_is_one_line(open_folder: Path, command: str) -> None:
    copy = open_folder / "copy.db"
    (open_folder / "reviews.db").rename(copy)
    open_folder.chmod(0o555)
    result = run_program(open_folder, "--as-nobody", command, *([copy] if command == "restore" else []))
    assert_error(result, "cannot be opened", "check the permissions of the folder")
    assert len(result.err.splitlines()) == 2


def test_a_schema_that_is_not_text_is_damage(ptquiz: Command, store: Path) -> None:
    copy = store.parent / "copy.db"
    shutil.copy(store, copy)
    store.write_bytes(store.read_bytes().replace(b"CREATE TABLE log", b"CREATE \xec\xff\xfeBLE log"))
    assert_error(ptquiz("export"), "is damaged", "`ptquiz restore` restores a backup")
    shutil.copy(store, store.parent / "bad.db")
    assert "bad.db is damaged" in ptquiz("restore", store.parent / "bad.db").err
    assert ptquiz("restore", copy).code == 0
    assert count_reviews(store) == 30


def test_a_store_that_lost_what_its_sums_include_can_be_read(ptquiz: Command, store: Path) -> None:
    with closing(sqlite3.connect(store)) as file, file:
        file.execute("delete from summed")
    assert ptquiz("export").code == 0


def test_a_home_that_is_a_file_is_named_by_every_command(ptquiz: Command, home: Path) -> None:
    home.write_text("in the way", encoding="utf-8")
    for command in (*COMMANDS, ("restore",), ()):
        result = ptquiz(*command)
        assert result.code == 2 and result.err.startswith(f"error: {home} is a file, not a folder\nhint: "), command
        assert "PTQUIZ_HOME" in result.err


def test_a_home_that_may_not_be_read_is_named(open_folder: Path) -> None:
    open_folder.chmod(0o700)
    for command in ("export", "restore"):
        result = run_program(open_folder, "--as-nobody", command)
        assert result.code == 2 and result.err.startswith(f"error: {open_folder} cannot be opened: permission denied")


@pytest.mark.parametrize("name", ["PTQUIZ_HOME", "PTQUIZ_DECKS"])
def test_a_folder_of_an_unknown_user_is_an_error_or_not_found(
    ptquiz: Command, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "~nosuchuser/quiz")
    result = ptquiz("decks")
    assert result.code in (1, 2) and "~nosuchuser/quiz" in result.err


def test_a_file_that_cannot_grow_is_reported_and_earlier_reviews_are_safe(store: Path) -> None:
    result = run_program(store.parent, "--largest-file", store.stat().st_size + 50_000, "fill")
    assert "reviews.db" in result.err and "hint: " in result.err and result.code == 2
    assert count_reviews(store) == 30 + int(result.out.split()[-1])


def small_disk(home: Path) -> tuple[str, ...]:
    """Return a command that runs a program with `home` on a disk of 500 KiB; skip the test where none can be mounted.

    After the program it prints what `confined.py count` finds on that disk.
    """
    mount = f"mount -t tmpfs -o size=500k none {home}"
    unshare: tuple[str, ...] = ("unshare", "-m") if os.geteuid() == 0 else ("unshare", "-rm")
    if not shutil.which("unshare") or subprocess.run([*unshare, "sh", "-c", mount], capture_output=True).returncode:
        pytest.skip("cannot mount a small disk on this system")
    script = f'cp {home}/reviews.db /dev/shm/$$.db && {mount} && mv /dev/shm/$$.db {home}/reviews.db && "$@"; code=$?'
    script += f"; {sys.executable} -m tests.commands.confined count; exit $code"
    return (*unshare, "sh", "-c", script, "sh")


def test_a_full_disk_is_reported_and_earlier_reviews_are_safe(store: Path) -> None:
    result = run_program(store.parent, "fill", prefix=small_disk(store.parent))
    assert_error(result, "cannot grow: the disk is full", "free some space and try again: all earlier reviews are safe")
    counts = dict(line.split() for line in result.out.splitlines())
    assert int(counts["found"]) == 30 + int(counts["acknowledged"])


def test_a_damaged_store_is_reported_once_and_replaces_no_backup(ptquiz: Command, store: Path) -> None:
    (good,) = [store.parent / "backups" / "reviews-2026-03-02.db"]
    good.parent.mkdir()
    shutil.copy(store, good)
    damage(store)
    shown = ptquiz("due")
    assert shown.code == 0
    assert shown.err.count("is damaged: no backup was made") == 1
    assert f"hint: `ptquiz restore {good}` restores 30 log entries" in shown.err
    assert [path.name for path in good.parent.iterdir()] == [good.name]
    for arguments in (("backup",), ("backup", good)):
        copied = ptquiz(*arguments)
        assert_error(copied, "is damaged: no backup was made", "`ptquiz restore` lists the backups")
        assert copied.err.count("is damaged") == 1
    assert ptquiz("restore").out.startswith(f"{good}  30 reviews")
    assert ptquiz("restore", good).code == 0
    assert count_reviews(store) == 30


def test_several_processes_can_create_the_store_at_the_same_time(tmp_path: Path) -> None:
    home = tmp_path / "new"
    code = (
        "from pathlib import Path; from quizapp.review.store import Store; import sys; Store(Path(sys.argv[1])).close()"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(home / "reviews.db")], stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
    study = StudyHarness(home, make_library("small/one"))
    study.review("small/one", Rating.GOOD)
    study.store.close()
    assert count_reviews(home / "reviews.db") == 1

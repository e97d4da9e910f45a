"""What a person reads when the store cannot be used: words, a way out, exit code 2, and nothing lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quizapp.review.memory import Rating
from quizapp.review.store import Store
from tests.commands.conftest import Command, Result
from tests.review.world import World, shelf

ROOT = Path(__file__).parents[2]
NAMES = [f"small/c{number}" for number in range(30)]


@pytest.fixture
def store(home: Path) -> Path:
    """A store with thirty reviews, closed."""
    home.mkdir()
    world = World(home, shelf(*NAMES))
    world.learn(*NAMES)
    world.store.close()
    return home / "reviews.db"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock is not waited for."""
    monkeypatch.setattr(Store.__init__, "__defaults__", (0.01,))
    monkeypatch.setattr("quizapp.review.store.backups.PATIENCE", 0.01)


def reviews(path: Path) -> int:
    with Store(path) as store:
        assert store.database.rows("pragma integrity_check") == [("ok",)]
        return len(store.log.reviews())


def says(result: Result, what: str, way_out: str) -> None:
    assert result.code == 2
    assert f"reviews.db {what}" in result.err and f"hint: {way_out}" in result.err
    assert "Traceback" not in result.err


COMMANDS = (("undo",), ("rebuild",), ("export",), ("backup",), ("stats",), ("due",))


def test_a_store_cut_to_nothing_is_no_new_one_and_its_copy_comes_back(ptquiz: Command, store: Path) -> None:
    assert ptquiz("due").code == 0
    (copy,) = (store.parent / "backups").iterdir()
    store.write_bytes(b"")
    says(ptquiz("due"), "is empty, and it held reviews", "`ptquiz restore` lists")
    assert ptquiz("restore", copy).code == 0
    assert reviews(store) == len(NAMES)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
def test_a_damaged_store_is_said_by_every_command(ptquiz: Command, store: Path, command: tuple[str, ...]) -> None:
    whole = store.read_bytes()
    store.write_bytes(whole[: len(whole) // 3])
    says(ptquiz(*command), "is damaged", "`ptquiz restore` brings a backup back")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
def test_a_store_from_the_future_is_said_and_not_touched(
    ptquiz: Command, store: Path, command: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(store)) as file:
        file.execute("pragma user_version = 999")
    before = store.read_bytes()
    says(ptquiz(*command), "was written by a newer ptquiz", "upgrade ptquiz")
    assert store.read_bytes() == before


def test_a_damaged_store_is_replaced_by_the_daily_backup_and_kept_beside(ptquiz: Command, store: Path) -> None:
    assert ptquiz("orphans").code == 0  # the first start of the day makes the backup
    listed = ptquiz("restore")
    copy, _, described = listed.out.splitlines()[0].partition("  ")
    assert described.startswith("30 reviews, the last 2026-03-02")
    store.write_bytes(b"nothing that SQLite knows" * 100)
    assert ptquiz("undo").code == 2
    restored = ptquiz("restore", copy)
    assert restored.code == 0 and "reviews.db.replaced" in restored.err
    assert reviews(store) == 30
    assert (store.parent / "reviews.db.replaced").read_bytes().startswith(b"nothing that SQLite knows")


@pytest.mark.usefixtures("impatient")
def test_a_locked_store_is_read_and_refuses_changes_in_words(ptquiz: Command, store: Path) -> None:
    assert ptquiz("backup", store.parent / "copy.db").code == 0
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("begin immediate")
        for command in (("undo",), ("rebuild",), ("restore", store.parent / "copy.db")):
            says(ptquiz(*command), "is in use by another program", "close the other ptquiz")
        assert ptquiz("export").out.count('"kind": "review"') == 30
        other.execute("rollback")
    assert ptquiz("undo").code == 0
    assert reviews(store) == 30


def program(home: Path, *arguments: object, before: tuple[str, ...] = ()) -> Result:
    """The whole program in a process of its own."""
    done = subprocess.run(
        [*before, sys.executable, "-m", "tests.commands.confined", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PTQUIZ_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def open_folder(store: Path) -> Iterator[Path]:
    """A home with the same store, where any user of this machine may look into it."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    shutil.copy(store, folder)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize(("file", "folder"), [(0o444, 0o555), (0o444, 0o777), (0o666, 0o555)])
def test_what_may_not_be_written_is_read_and_refuses_changes_in_words(
    open_folder: Path, file: int, folder: int
) -> None:
    path = open_folder / "reviews.db"
    path.chmod(file)
    open_folder.chmod(folder)
    exported = program(open_folder, "--as-nobody", "export", "--format", "csv")
    assert (exported.code, exported.out.count("\nreview,")) == (0, 30), exported
    says(program(open_folder, "--as-nobody", "undo"), "is read-only", "make the file and its folder writable")
    open_folder.chmod(0o755)
    path.chmod(0o644)
    assert reviews(path) == 30


def test_a_file_that_cannot_grow_is_said_and_earlier_reviews_are_safe(store: Path) -> None:
    result = program(store.parent, "--largest-file", store.stat().st_size + 50_000, "fill")
    assert "reviews.db" in result.err and "hint: " in result.err and result.code == 2
    assert reviews(store) == 30 + int(result.out.split()[-1])


def small_disk(home: Path) -> tuple[str, ...]:
    """What a program runs under to have `home` on a disk of 500 KiB; skips where that cannot be had."""
    mounts = f"mount -t tmpfs -o size=500k none {home}"
    unshare: tuple[str, ...] = ("unshare", "-m") if os.geteuid() == 0 else ("unshare", "-rm")
    if not shutil.which("unshare") or subprocess.run([*unshare, "sh", "-c", mounts], capture_output=True).returncode:
        pytest.skip("this system mounts no small disk for a test")
    script = f'cp {home}/reviews.db /dev/shm/$$.db && {mounts} && mv /dev/shm/$$.db {home}/reviews.db && "$@"; code=$?'
    script += f"; {sys.executable} -m tests.commands.confined count; exit $code"
    return (*unshare, "sh", "-c", script, "sh")


def test_a_full_disk_is_said_and_earlier_reviews_are_safe(store: Path) -> None:
    result = program(store.parent, "fill", before=small_disk(store.parent))
    says(result, "cannot grow: the disk is full", "free some space and try again: all earlier reviews are safe")
    said = dict(line.split() for line in result.out.splitlines())
    assert int(said["found"]) == 30 + int(said["acknowledged"])


def test_opening_at_once_for_the_first_time_does_no_harm(tmp_path: Path) -> None:
    home = tmp_path / "new"
    code = (
        "from pathlib import Path; from quizapp.review.store import Store; import sys; Store(Path(sys.argv[1])).close()"
    )
    all_at_once = [
        subprocess.Popen([sys.executable, "-c", code, str(home / "reviews.db")], stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for one in all_at_once:
        _, complaint = one.communicate(timeout=120)
        assert (one.returncode, complaint) == (0, "")
    world = World(home, shelf("small/one"))
    world.review("small/one", Rating.GOOD)
    world.store.close()
    assert reviews(home / "reviews.db") == 1
